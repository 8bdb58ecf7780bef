"""The samples of the documentation, run as they stand there, but for names and ids."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from expense_tracker.docs.samples import SAMPLES

PROGRAMS = {
    "curl": ("bash", "-c", "{}"),
    "Python": (sys.executable, "-c", "{}"),
    "JavaScript": ("node", "--input-type=module", "-e", "{}"),
}
BEFORE = {"curl": "TOKEN={}\n", "Python": "token = '{}'\n", "JavaScript": "const token = '{}';\n"}
# How each shows what it was answered: JSON, but for Python and JavaScript, which show their own values.
SHOW = {
    "Python": ("print(response.json())", "print(response.text)"),
    "JavaScript": ("response.json()", "response.text()"),
}


def run(language: str, source: str) -> str:
    command = [part.replace("{}", source) for part in PROGRAMS[language]]
    process = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=60, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


@pytest.mark.parametrize("language", PROGRAMS)
def test_the_samples_work_one_after_the_other(base: str, document: Path, language: str) -> None:
    if shutil.which(PROGRAMS[language][0]) is None or (language == "curl" and shutil.which("curl") is None):
        pytest.skip(f"THE SAMPLES DID NOT RUN: there is no program for {language}")
    operations = {
        operation["operationId"]: operation
        for path in json.loads(document.read_bytes())["paths"].values()
        for operation in path.values()
    }
    token, expense_id = "", "1"

    for name in SAMPLES:
        samples = {sample["label"]: sample["source"] for sample in operations[name]["x-codeSamples"]}
        source = samples[language].replace("alice", f"{language.lower()}.samples")
        source = re.sub(r"/api/expenses/1\b", f"/api/expenses/{expense_id}", source)
        source = re.sub(r"(['\"]id['\"]: )1\b", rf"\g<1>{expense_id}", source)
        shown, asked = SHOW.get(language, ("", ""))
        output = run(language, BEFORE[language].format(token) + source.replace(shown, asked))

        assert base in source
        if name != "export_expenses":
            answer: Any = json.loads(output)
            assert "code" not in answer, answer
            token = answer["access_token"] if name == "login" else token
            expense_id = str(answer["id"]) if name == "create_expense" else expense_id
