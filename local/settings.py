"""What a function is given to run with, read from template.yaml."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from local.aws import CREDENTIALS
from local.template import ACCOUNT, REGION, Template

MOST_WORKERS = 4
WHOLE_CPU_MB = 1769
"""Lambda gives a function one whole CPU from this memory size on."""


@dataclass(frozen=True)
class FunctionSettings:
    """One function as declared; `timeout` in seconds, `memory` in MB."""

    id: str
    name: str
    handler: str
    folder: Path
    layers: tuple[Path, ...]
    timeout: float
    memory: int
    workers: int
    environment: dict[str, str]

    @classmethod
    def of(cls, template: Template, function: str) -> Self:
        """The settings of a function by its logical id."""
        declared = template.properties(function)
        folders = {
            template.name(name): template.folder / layer["ContentUri"] / "python"
            for name, layer in template.resources("AWS::Serverless::LayerVersion").items()
        }
        memory = int(declared.get("MemorySize", 128))
        return cls(
            id=function,
            name=template.name(function),
            handler=declared["Handler"],
            folder=template.folder / declared["CodeUri"],
            layers=tuple(folders[name] for name in declared.get("Layers", [])),
            timeout=float(declared.get("Timeout", 3)),
            memory=memory,
            workers=_workers(declared, memory),
            environment=template.environment(function) | _logging(declared),
        )

    @property
    def sources(self) -> tuple[Path, ...]:
        """The folders whose editing changes the function."""
        package = self.folder / self.handler.split(".")[0]
        return (package if package.is_dir() else self.folder, *self.layers)

    def process_environment(self, runtime: str, aws_url: str, scratch: Path) -> dict[str, str]:
        """The whole environment of its process: Lambda's own, then the template's."""
        lambda_own = {
            "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": aws_url,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory),
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "local",
            "AWS_LAMBDA_RUNTIME_API": runtime,
            "AWS_REGION": REGION,
            "AWS_XRAY_SDK_ENABLED": "false",  # there is no daemon to send traces to
            "LAMBDA_TASK_ROOT": str(self.folder),
            "LANG": "C.UTF-8",
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(map(str, (self.folder, *self.layers))),
            "TMPDIR": str(scratch),
            "TZ": "UTC",
            "_HANDLER": self.handler,
        }
        return lambda_own | CREDENTIALS | self.environment

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"


def _workers(declared: dict[str, Any], memory: int) -> int:
    """How many processes may run at once: as declared, but no more than this machine can bear."""
    bearable = (os.cpu_count() or 1) if memory > WHOLE_CPU_MB else MOST_WORKERS
    return min(int(declared.get("ReservedConcurrentExecutions", MOST_WORKERS)), bearable)


def _logging(declared: dict[str, Any]) -> dict[str, str]:
    logging = declared.get("LoggingConfig", {})
    if logging.get("LogFormat") != "JSON":
        return {}
    return {
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO"),
    }
