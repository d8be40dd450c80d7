"""The system calls that the code of students is refused.

They need no privilege, yet would make new kernel objects (namespaces, keys, rings) or
hold memory that no limit counts: in files without a name, in queues, in segments.
"""

from __future__ import annotations

import errno
import platform
import struct

REFUSED = {
    "x86_64": {
        "shmget": 29,
        "msgget": 68,
        "ptrace": 101,
        "sched_setscheduler": 144,
        "sched_setaffinity": 203,
        "mq_open": 240,
        "add_key": 248,
        "request_key": 249,
        "keyctl": 250,
        "unshare": 272,
        "perf_event_open": 298,
        "setns": 308,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "sched_setattr": 314,
        "memfd_create": 319,
        "bpf": 321,
        "userfaultfd": 323,
        "io_uring_setup": 425,
        "memfd_secret": 447,
    },
    "aarch64": {
        "unshare": 97,
        "ptrace": 117,
        "sched_setscheduler": 119,
        "sched_setaffinity": 122,
        "mq_open": 180,
        "msgget": 186,
        "shmget": 194,
        "add_key": 217,
        "request_key": 218,
        "keyctl": 219,
        "perf_event_open": 241,
        "setns": 268,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "sched_setattr": 274,
        "memfd_create": 279,
        "bpf": 280,
        "userfaultfd": 282,
        "io_uring_setup": 425,
        "memfd_secret": 447,
    },
}
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE, CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
NAMESPACES = 0x7E020000  # the flags of clone that make a namespace
OTHER_NUMBERS = 0x40000000  # of the 32-bit calls that x86-64 has besides its own
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16  # where the kernel puts them
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000


def program(machine: str | None = None) -> bytes:
    """The filter as the kernel reads it, or nothing for a machine not known here.

    Args:
        machine: as ``platform.machine()`` says it; this one if it is not given.
    """
    machine = machine or platform.machine()
    if machine not in REFUSED:
        return b""
    lines = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, ARCHITECTURE[machine])]
    lines += [(RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    lines += _answer(AT_LEAST, OTHER_NUMBERS, KILL)
    for number in REFUSED[machine].values():
        lines += _answer(EQUAL, number, REFUSE | errno.EPERM)
    # what its flags are cannot be read: the C library then falls back on clone
    lines += _answer(EQUAL, CLONE3, REFUSE | errno.ENOSYS)
    lines += [(EQUAL, 0, 3, CLONE[machine]), (LOAD, 0, 0, FIRST_ARGUMENT)]
    lines += _answer(ANY_BIT, NAMESPACES, REFUSE | errno.EPERM)
    lines += [(RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)


def _answer(test: int, value: int, verdict: int) -> list[tuple[int, int, int, int]]:
    """Where the test holds, the verdict; else go on."""
    return [(test, 0, 1, value), (RETURN, 0, 0, verdict)]
