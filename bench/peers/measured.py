"""What every peer's process says at its end: one line of JSON."""
import json
import resource
import statistics
import sys
import time


def peak_bytes():
    """Largest resident memory of this process so far (kilobytes on Linux, bytes on macOS)."""
    unit = 1 if sys.platform == 'darwin' else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def median_seconds(work, repeats):
    """Median seconds of `repeats` calls, after one that does not count."""
    work()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def say(seconds, **facts):
    print(json.dumps({'seconds': seconds, 'peakBytes': peak_bytes(), **facts}), flush=True)
