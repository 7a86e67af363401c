"""The original example's way: a Hamilton driver runs the whole chain for each prompt version, and nothing is kept.

    python -m benchmarks.original_way PDF --versions versions.json --url http://127.0.0.1:8000/v1

versions.json is that of benchmarks.yardstick. Prints the answer of each version as JSON.
"""

import argparse
import json
from pathlib import Path

from hamilton import driver
from openai import OpenAI

from benchmarks import original_dataflow


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.original_way", description="The whole chain each time.")
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--versions", type=Path, required=True, help="JSON: name -> its two prompts")
    parser.add_argument("--url", required=True, help="base URL of the endpoint")
    parser.add_argument("--model", default="fake")
    parser.add_argument("--query", default="What is the core argument?")
    parser.add_argument("--max-chunk-tokens", type=int, default=1500)
    parser.add_argument("--in-flight", type=int, default=20)
    options = parser.parse_args()
    chain = driver.Builder().with_modules(original_dataflow).build()
    given = {
        "pdf_path": str(options.pdf),
        "max_chunk_tokens": options.max_chunk_tokens,
        "client": OpenAI(base_url=options.url, api_key="none"),
        "model_name": options.model,
        "in_flight": options.in_flight,
        "query": options.query,
    }
    answers = {}
    for name, prompts in json.loads(options.versions.read_text(encoding="utf-8")).items():
        texts = {
            "summarize_chunk_of_text_prompt": prompts["chunk"],
            "summarize_text_from_summaries_prompt": prompts["last"],
        }
        answers[name] = chain.execute(["summarized_text"], inputs={**given, **texts})["summarized_text"]
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
