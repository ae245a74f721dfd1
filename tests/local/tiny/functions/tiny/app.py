"""Does what its callers ask: each of the ways in which a function can end."""

import json
import os
import sys
import time

from house import GREETING


def handler(event, context):
    if "Records" in event:
        return remember(event["Records"])
    match event.get("rawPath", "").rsplit("/", 1)[-1]:
        case "environment":
            return dict(os.environ)
        case "crash":
            os._exit(3)
        case "raise":
            raise ValueError("out of paper")
        case "sleep":
            time.sleep(60)
        case "slow":
            time.sleep(0.3)
    return {
        "greeting": GREETING,
        "pid": os.getpid(),
        "left": context.get_remaining_time_in_millis(),
    }


def remember(records):
    for record in records:
        sys.stdout.write(json.dumps({"saw": record}) + "\n")
    return {"batchItemFailures": []}
