from dateutil.relativedelta import relativedelta
from fastapi import APIRouter
from pydantic import ValidationError
from sqlmodel import select

from core.logger import get_logger
from core.security import SessionDep
from models import RecurringType, Task
from schemas import TaskCompletedEvent

log = get_logger(__name__)
router = APIRouter(prefix="/api/events", tags=["events"])

STEP = {
    RecurringType.daily: relativedelta(days=1),
    RecurringType.weekly: relativedelta(weeks=1),
    RecurringType.monthly: relativedelta(months=1),
}


@router.post("/task-completed")
def task_completed(envelope: dict, session: SessionDep) -> dict:
    """Dapr subscription endpoint: takes a CloudEvent, or the bare event. DROP tells Dapr not to retry."""
    try:
        event = TaskCompletedEvent.model_validate(envelope.get("data", envelope))
    except ValidationError as exc:
        log.warning("Event is not valid", errors=exc.error_count())
        return {"status": "DROP"}

    task = session.get(Task, event.task_id)
    if task is None or task.user_id != event.user_id or task.recurring_type == RecurringType.none:
        return {"status": "SUCCESS"}
    if session.exec(select(Task.id).where(Task.parent_task_id == task.id)).first() is not None:
        return {"status": "SUCCESS"}  # Kafka delivers at least once

    next_due = (task.due_date or event.completed_at) + STEP[task.recurring_type]
    if task.recurring_end_date is not None and next_due > task.recurring_end_date:
        return {"status": "SUCCESS"}

    inherited = task.model_dump(
        include={"user_id", "title", "description", "priority", "tags", "recurring_type", "recurring_end_date"}
    )
    child = Task(**inherited, due_date=next_due, parent_task_id=task.id)
    session.add(child)
    session.commit()
    log.info("Created recurring task", task_id=str(child.id), parent_task_id=str(task.id))
    return {"status": "SUCCESS"}
