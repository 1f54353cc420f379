"""The family of errors we raise on purpose. Every one says what is wrong and, in `hint`, the next step.

    AssistantError
    ├── BadInput            what a person handed over cannot be used (CLI exit 1, HTTP 4xx)
    │   ├── QuestionTooLong
    │   ├── BadDate
    │   ├── UnreadableFile      unknown format, damaged, encrypted, empty, too large
    │   ├── ClassifiedFile      carries a secrecy mark
    │   └── IncompleteDocument  read, but a field that nothing can replace is missing
    ├── NotFound            a document, provision or answer that is not there (HTTP 404)
    │   └── ProvisionNotFound
    ├── RuleError           the rule files contradict themselves or cite what does not exist
    ├── IndexDamaged        a derived index cannot be used; it can always be rebuilt
    ├── ModelMissing        weights are not on disk
    └── NotYet              a command whose room is not furnished yet

Each door translates once: the CLI to an exit code, the web to a status, a bot to a sentence.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Root of every error we raise on purpose. `message` and `hint` are Chinese: people read them."""

    code = "error"
    http_status = 500

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(AssistantError):
    """What a person handed over cannot be used as it is."""

    code = "bad_input"
    http_status = 422


class QuestionTooLong(BadInput):
    code = "question_too_long"
    http_status = 413


class BadDate(BadInput):
    code = "bad_date"


class UnreadableFile(BadInput):
    code = "unreadable_file"


class ClassifiedFile(BadInput):
    code = "classified_file"


class IncompleteDocument(BadInput):
    code = "incomplete_document"


class NotFound(AssistantError):
    code = "not_found"
    http_status = 404


class ProvisionNotFound(NotFound):
    """A citation points at nothing in the library."""

    code = "provision_not_found"


class RuleError(AssistantError):
    """The rule files contradict themselves, overlap unsettled, or cite what does not exist."""

    code = "rule_error"


class IndexDamaged(AssistantError):
    code = "index_damaged"
    http_status = 503


class ModelMissing(AssistantError):
    code = "model_missing"


class NotYet(AssistantError):
    """A command of the contract whose room is not furnished yet."""

    code = "not_yet"
    http_status = 501
