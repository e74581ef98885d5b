"""The operator's command line, as anybody would call it by hand: the demonstration uses no other way in."""

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.dependencies import ROOT
from infra.failure import Failure

PROGRAM = ("-m", "infra.cli")


@dataclass(frozen=True)
class Operator:
    """Somebody who operates a stack in the emulator."""

    endpoint_url: str
    stack: str

    def arguments(self, *words: str) -> list[str]:
        """Return what follows the name of the interpreter."""
        return [*PROGRAM, "--stack", self.stack, "--endpoint-url", self.endpoint_url, *words]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Call, and return what it said, however it ended."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return subprocess.run([sys.executable, *self.arguments(*words)], cwd=ROOT, env=inherited, capture_output=True,
                              text=True, check=False)

    def said(self, *words: str) -> str:
        """Call, and return what it said. Raises Failure with its last line when it fails."""
        done = self.run(*words)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or "nothing was said").splitlines()[-1]
            raise Failure(f"`python -m infra.cli {shlex.join(words)}` failed: {last.removeprefix('error: ')}")
        return done.stdout.strip()

    def pasteable(self, *words: str) -> str:
        """Return a line that does the same when it is pasted into a shell, wherever that stands."""
        python = Path(sys.executable)
        shown = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
        return f"(cd {shlex.quote(str(ROOT))} && {shlex.join([str(shown), *self.arguments(*words)])})"
