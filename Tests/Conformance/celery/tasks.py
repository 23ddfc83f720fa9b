"""The tasks that the workers of celery.py run; each writes what it does into a file, a line each."""
import os
import time

from celery import Celery

URL = os.environ["BROKER"]
app = Celery("tasks", broker=URL, backend=URL)
app.conf.update(
    task_send_sent_event=True,
    worker_send_task_events=True,
    broker_connection_retry_on_startup=True,
    task_track_started=True,
    worker_prefetch_multiplier=int(os.environ.get("PREFETCH", 4)),
    beat_schedule={"every": {"task": "tasks.add", "schedule": 2.0, "args": (1, 1)}},
    beat_schedule_filename=os.environ["RAN"] + ".beat",
)
if os.environ.get("VISIBILITY"):
    app.conf.broker_transport_options = {
        "visibility_timeout": int(os.environ["VISIBILITY"]),
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }


def ran(*words):
    line = f"{time.time():.3f} {os.environ.get('WORKER', '-')} {' '.join(map(str, words))}\n"
    descriptor = os.open(os.environ["RAN"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, line.encode())
    os.close(descriptor)


@app.task
def add(x, y):
    ran("add", x, y)
    return x + y


@app.task(bind=True, max_retries=3, default_retry_delay=1)
def flaky(self, times):
    ran("flaky", self.request.retries)
    if self.request.retries < times:
        raise self.retry(exc=ValueError("not yet"))
    return "in the end"


@app.task
def boom():
    ran("boom")
    raise RuntimeError("as told")


@app.task(bind=True, acks_late=True, reject_on_worker_lost=True)
def slow(self, seconds):
    ran("slow-begins", self.request.id)
    time.sleep(seconds)
    ran("slow-ends", self.request.id)
    return "slept"


@app.task
def total(numbers):
    ran("total", numbers)
    return sum(numbers)


@app.task(bind=True, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def count(self, number):
    ran("begin", number, self.request.delivery_info.get("redelivered") or False)
    time.sleep(0.02)
    ran("end", number)


@app.task
def process_dataset(data):
    ran("process", data)
    return f"Processed: {data}"
