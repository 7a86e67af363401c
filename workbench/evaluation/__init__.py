"""The evaluation matrix: cases answered by variants and judged; planned, streamed, resumed, summed."""
