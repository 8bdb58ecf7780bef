"""The meaning of every error code. The document lists them, and a test finds missing ones."""

# Of a problem: the status, and what to do.
PROBLEMS = {
    "invalid": (400, "Members of the body or query parameters are wrong. `errors` names each of them."),
    "parse_error": (400, "The body is no JSON. `detail` says where it goes wrong."),
    "bad_request": (400, "The `Host` is not one of this service, or the request cannot be read at all."),
    "user_exists": (400, "Somebody has this user name. Choose another one."),
    "unsupported_grant_type": (400, "Send a form with `grant_type` `password` or `refresh_token`."),
    "invalid_if_match": (400, 'Put the tag in quotation marks: `If-Match: "3"`.'),
    "invalid_idempotency_key": (400, "Send 1 to 255 visible ASCII characters, e.g. a UUID."),
    "invalid_last_event_id": (400, "Send the `id` of an event of the stream, or no such header."),
    "unreadable_file": (400, "The file is no CSV, Excel workbook or JSON that can be imported."),
    "invalid_rows": (400, "Rows of the file are wrong; `rows` names them. Nothing was imported."),
    "undecided": (400, "The file can be read in two ways. `errors` names the parameters that decide."),
    "not_authenticated": (401, "Send `Authorization: Bearer …`."),
    "invalid_credentials": (401, "The user name or the password is wrong. Ask for them again."),
    "token_expired": (401, "Get new tokens with `POST /api/refresh`, and send the request again."),
    "token_invalid": (401, "This is no token of this service. Log in."),
    "session_ended": (401, "Somebody logged out, changed the password or closed the account. Log in."),
    "permission_denied": (403, "You may not do this."),
    "read_only_token": (403, "The token has the scope `read`. Take one with the scope `write`."),
    "personal_token": (403, "Only a login can create tokens. Log in."),
    "registration_closed": (403, "Ask whoever runs this service for an account."),
    "not_found": (404, "There is no such path, or nothing of yours with this id. Drop your copy."),
    "method_not_allowed": (405, "`Allow` names the methods of this path."),
    "category_in_use": (409, "Send `merge: true` to put the categories together."),
    "deleted": (409, "The expense with this `external_id` is in the trash, see `Location`. Restore it."),
    "in_progress": (409, "The first request with this key is still running. Send it again after `Retry-After`."),
    "resync": (410, "The server lost changes that you know. Throw your copy away, and begin again with `since=0`."),
    "length_required": (411, "This server takes no body in chunks. Send `Content-Length`."),
    "precondition_failed": (412, "It has changed since you read it. Read it again, and decide what to do."),
    "content_too_large": (413, "Send less at once."),
    "unsupported_media_type": (415, "Set `Content-Type` to what `detail` says."),
    "key_reused": (422, "Use a new key for a new request. `Location` names what the first one created."),
    "limit_reached": (429, "Wait for as many seconds as `Retry-After` says."),
    "too_many_streams": (429, "Close a stream of yours, or wait for as many seconds as `Retry-After` says."),
    "internal_error": (500, "Our fault. Report it with the `X-Request-ID` of the answer."),
    "too_many_imports": (503, "Other files are being imported. Send it again after `Retry-After`."),
    "request_timeout": (408, "The body did not come in time. Send it again."),
    "not_implemented": (501, "This server cannot stream. Ask `GET /api/expenses/changes` from time to time."),
    "busy": (503, "Send it again after `Retry-After`."),
    "unavailable": (503, "The database is away. Send it again after `Retry-After`."),
    "too_many_listeners": (503, "Open the stream again after `Retry-After`; poll meanwhile."),
    "restarting": (503, "Open the stream again after `Retry-After`."),
    "draining": (503, "The server is about to end, and `/readyz` says so while it still serves."),
    "not_ready": (503, "The service is starting. Send it again after `Retry-After`."),
}

# Of a member or a parameter, in `errors`; the codes of problems can stand there too, e.g. in a batch.
VALUES = {
    "required": "It is missing.",
    "null": "It may not be null.",
    "blank": "It may not be empty.",
    "invalid": "It is of another type or form.",
    "unknown": "There is no such member or parameter here.",
    "repeated": "It may stand there only once.",
    "ambiguous": "It could mean two things. `detail` says what to state.",
    "undecided": "The file can be read in two ways; give this parameter.",
    "equal": "It must differ from the other one.",
    "invalid_choice": "It is none of the values that there are.",
    "not_a_list": "It is no array.",
    "min_value": "It is too small.",
    "max_value": "It is too large.",
    "min_length": "It is too short.",
    "max_length": "It is too long.",
    "null_characters_not_allowed": "It has a NUL character.",
    "surrogate_characters_not_allowed": "It has half a character.",
    "password_too_short": "Use more characters.",
    "password_too_common": "Many people have this password.",
    "password_too_similar": "The password is too much like the user name.",
    "password_entirely_numeric": "Use other characters than digits, too.",
}


def problem_table() -> str:
    """Return the codes of problems as a table of Markdown."""
    rows = [f"| `{code}` | {status} | {advice} |" for code, (status, advice) in PROBLEMS.items()]
    return "\n".join(["| `code` | status | what to do |", "| --- | --- | --- |", *rows])


def value_table() -> str:
    """Return the codes of members and parameters as a table of Markdown."""
    rows = [f"| `{code}` | {meaning} |" for code, meaning in VALUES.items()]
    return "\n".join(["| `code` | meaning |", "| --- | --- |", *rows])
