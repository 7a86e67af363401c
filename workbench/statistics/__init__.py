"""What figures allow to say: verdicts, intervals, rankings, agreement; numpy and the standard library only."""
