"""What nodes of modules give to a Hamilton driver, in a process that workbench.export.fresh_process starts.

In: "runs", each with "path", "nodes", "config" and "inputs". Out: "values", for each run. Inputs and values are in hex.
"""

from hamilton import driver

from workbench.export.fresh_process import hexed, module_at, unhexed


def answer(request):
    """Name of each node -> its text, for each run."""
    values = []
    for number, run in enumerate(request["runs"]):
        module = module_at(f"prompts_of_run_{number}", run["path"])
        built = driver.Builder().with_modules(module).with_config(run["config"]).build()
        inputs = {name: unhexed(text) for name, text in run["inputs"].items()}
        given = built.execute(run["nodes"], inputs=inputs)
        values.append({name: hexed(text) for name, text in given.items()})
    return {"values": values}
