"""Short turns on the processor, so that sound leaves in time on a busy computer.

Where programs compete for a core, Linux lets each run for some milliseconds in turn. One that asks for shorter turns
has them sooner, and gets no more of the core in all, so nothing starves for it, as it would by a higher priority. That
needs no rights, and Linux 6.12. Former kernels ignore it.
"""

import ctypes
import platform
import sys


class Attributes(ctypes.Structure):
    """How a thread is scheduled: the first version of `struct sched_attr`, see sched_setattr(2)."""

    _fields_ = (
        ('size', ctypes.c_uint32),
        ('policy', ctypes.c_uint32),
        ('flags', ctypes.c_uint64),
        ('nice', ctypes.c_int32),
        ('priority', ctypes.c_uint32),
        ('runtime', ctypes.c_uint64),  # of a turn, in nanoseconds
        ('deadline', ctypes.c_uint64),
        ('period', ctypes.c_uint64),
    )


def attributes() -> Attributes | None:
    """How the calling thread is scheduled; None where this cannot be known."""
    found = Attributes()
    return found if _call(1, ctypes.byref(found), ctypes.sizeof(found), 0) else None


def take_short_turns() -> None:
    """Ask for short turns for the calling thread, but not for threads and processes that it starts from now on."""
    if wanted := attributes():
        wanted.flags |= _RESET_ON_FORK
        wanted.runtime = TURN
        _call(0, ctypes.byref(wanted), 0)


def _call(offset: int, *arguments: object) -> bool:
    """Call sched_setattr or, at an offset of 1, sched_getattr. Returns whether it succeeded."""
    first = _SYSTEM_CALLS.get(platform.machine())
    if sys.platform != 'linux' or sys.maxsize < 2**32 or first is None:
        return False
    this_thread = 0
    status: int = ctypes.CDLL(None).syscall(first + offset, this_thread, *arguments)
    return status == 0


TURN = 100_000  # nanoseconds, the least that Linux grants; a packet of sound takes 300,000
# Numbers of sched_setattr, which sched_getattr follows: glibc has functions for them only since 2.41.
_SYSTEM_CALLS = {'x86_64': 314, 'aarch64': 274}
_RESET_ON_FORK = 1
