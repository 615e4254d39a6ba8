"""A queue of a CUPS server as a card printer: for devices whose maker ships a CUPS driver.

The queue speaks IPP and keeps its jobs over restarts, so a job is found by its name as elsewhere.
Five things differ from a device:

* The queue, not we, speaks to the device. Told to *retry* a job that failed it would print a card
  twice; so a queue is used only with the error policy `abort-job`, and says so otherwise. A queue
  whose backend asks to be run again is bounded by `JobRetryLimit 1` in cupsd.conf, which cannot be
  seen from here.
* `completed` says that the backend has ended, also after a jam or a power cut at the device (seen
  with CUPS 2.4). Only with a sheet counted is it taken for a card; without one the job is told as
  aborted, and two persons look. A driver that counts sheets as it *sends* them proves less.
* Purge-Jobs is the administrator's; our own jobs are canceled instead.
* Keywords that begin with `cups-` tell what the queue is busy with, not that something is wrong.
* `printer-up-time` is the time of day: a restart of the queue shows nowhere, and need not.

`PreserveJobFiles No` belongs in cupsd.conf: a spooled card face is personal data.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ampera.devices.ipp.client import IppPrinter
from ampera.devices.ipp.values import Attribute, Group, GroupTag, Tag
from ampera.devices.ipp.vocabulary import Operation
from ampera.printing.ports import (
    JobSeen,
    JobState,
    PrinterSeen,
    Reason,
    Rejected,
    RejectedReason,
    Severity,
)

CUPS_PORT: Final = 631
SAFE_POLICY: Final = "abort-job"
_OWN_PREFIX: Final = "cups-"
_BUSY_WORDS: Final = frozenset({"connecting-to-device"})


class CupsPrinter(IppPrinter):
    """One queue of a CUPS server."""

    clearing = (Operation.CANCEL_MY_JOBS,)

    def __init__(self, *, queue: str, host: str = "localhost", port: int = CUPS_PORT) -> None:
        super().__init__(host=host, port=port, path=f"/printers/{queue}")

    def send(self, *, job_name: str, document: bytes) -> JobSeen:
        policy = self._error_policy()
        if policy != SAFE_POLICY:
            raise Rejected(
                RejectedReason.NOT_ACCEPTING,
                f"the queue's error policy is {policy or 'unknown'}, it has to be {SAFE_POLICY}:"
                " lpadmin -p QUEUE -o printer-error-policy=abort-job",
            )
        return super().send(job_name=job_name, document=document)

    def look(self) -> PrinterSeen:
        seen = super().look()
        return replace(seen, reasons=tuple(_of_device(reason) for reason in seen.reasons))

    def _job_seen(self, group: Group, *, job_name: str, job_id: int) -> JobSeen:
        seen = super()._job_seen(group, job_name=job_name, job_id=job_id)
        sheets = group.integer("job-media-sheets-completed") or 0
        if seen.state is JobState.COMPLETED and sheets < 1:
            said = "the queue is done with it, but no card was counted"
            return replace(seen, state=JobState.ABORTED, message=said)
        return seen

    def _error_policy(self) -> str:
        wanted = Attribute.of(Tag.KEYWORD, "requested-attributes", "printer-error-policy")
        answer = self._ask(Operation.GET_PRINTER_ATTRIBUTES, [wanted])
        return answer.first(GroupTag.PRINTER).text("printer-error-policy") or ""


def _of_device(reason: Reason) -> Reason:
    """What the queue says of itself is no more than a report."""
    if reason.keyword.startswith(_OWN_PREFIX) or reason.keyword in _BUSY_WORDS:
        return Reason(reason.keyword, Severity.REPORT)
    return reason
