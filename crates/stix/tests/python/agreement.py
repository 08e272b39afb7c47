"""Verdicts of other implementations, one JSON answer a line for one JSON question a line.

{"object": {...}}  -> {"validator": [errors], "library": error or null}
{"pattern": "..."} -> {"patterns": error or null}

The first answer names the versions, and whether the validator has its schemas.
"""

import json
import logging
import os
import sys
from importlib.metadata import version

logging.disable(logging.CRITICAL)

import stix2
import stix2validator
from stix2patterns.v21.pattern import Pattern


def validator_errors(stix_object, options):
    try:
        return [str(error) for error in stix2validator.validate_instance(stix_object, options).errors]
    except Exception as error:  # it stops at what it did not expect
        return [f"{type(error).__name__}: {error}"]


def library_error(stix_object):
    try:
        stix2.parse(stix_object, allow_custom=True, version="2.1")
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def pattern_error(text):
    try:
        Pattern(text)
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main():
    schemas = os.path.join(os.path.dirname(stix2validator.__file__), "schemas-2.1", "schemas")
    names = ["stix2-validator", "stix2", "stix2-patterns"]
    print(json.dumps({"versions": {name: version(name) for name in names}, "schemas": os.path.isdir(schemas)}))
    options = stix2validator.ValidationOptions(version="2.1")
    for line in sys.stdin:
        question = json.loads(line)
        if "pattern" in question:
            answer = {"patterns": pattern_error(question["pattern"])}
        else:
            stix_object = question["object"]
            answer = {
                "validator": validator_errors(stix_object, options),
                "library": library_error(json.loads(json.dumps(stix_object))),
            }
        print(json.dumps(answer))


main()
