"""A dataflow as Hamilton sees it: its driver, inputs, forms, drawing, and what variants share."""
