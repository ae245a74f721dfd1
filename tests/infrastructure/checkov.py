"""What checkov says of the expanded template: `python -m tests.infrastructure.checkov`.

It lives in an environment of its own, because it pins half of the registry.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.infrastructure.stack import expanded

CHECKOV = Path(__file__).parents[2] / ".venv-checkov/bin/checkov"
OWN_KEYS = "AWS's own keys encrypt it; customers' keys are a bill and a way to lock oneself out"
SKIPPED = {
    "CKV_AWS_18": "who reads the buckets is in CloudTrail's data events, where they are wanted",
    "CKV_AWS_21": "pictures are named by their content, so none is ever another one's version",
    "CKV_AWS_26": "alarms name alarms; CloudWatch cannot publish under SNS's own key",
    "CKV_AWS_27": "SQS's own encryption, as test_queues.py sees to; checkov knows KMS only",
    "CKV_AWS_68": "an option for production: docs/operations.md",
    "CKV_AWS_86": "the pictures are public, and nobody is to be followed through them",
    "CKV_AWS_115": "the gateway throttles; what is reserved for one is taken from all others",
    "CKV_AWS_116": "for asynchronous calls; queues, the stream and the clock have their own",
    "CKV_AWS_117": "nothing here is inside a VPC, and a function in one has no way to AWS",
    "CKV_AWS_119": OWN_KEYS,
    "CKV_AWS_149": OWN_KEYS,
    "CKV_AWS_158": OWN_KEYS,
    "CKV_AWS_173": "variables hold names of secrets, never secrets: test_functions.py",
    "CKV_AWS_174": "CloudFront's own certificate, until there is a domain",
}
"""Checks that we do not follow, each with its reason."""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "template.json")
        template.write_text(json.dumps(expanded().document))
        command = [
            str(CHECKOV),
            "-f",
            str(template),
            "--framework",
            "cloudformation",
            "--skip-download",
        ]
        command += ["--compact", "--quiet", "--skip-check", ",".join(SKIPPED)]
        return subprocess.run(command, check=False).returncode  # noqa: S603  our own words


if __name__ == "__main__":
    sys.exit(main())
