import uuid
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, HTTPException, Query
from sqlmodel import select

from core.events import publish_task_completed_event
from core.security import CurrentUser, SessionDep
from models import Task, TaskStatus, User, utcnow
from schemas import TaskCreate, TaskPublic, TaskUpdate

router = APIRouter(prefix="/api/tasks", tags=["tasks"])


def get_owned_task(task_id: uuid.UUID, user: User, session: SessionDep) -> Task:
    task = session.get(Task, task_id)
    if task is None or task.user_id != user.id:
        raise HTTPException(404, "Task not found")
    return task


def save(task: Task, was_done: bool, session: SessionDep, background: BackgroundTasks) -> Task:
    """Commits the task and, where it has just become done, publishes the event after the response."""
    is_done = task.status == TaskStatus.done
    if is_done != was_done:
        task.completed_at = utcnow() if is_done else None
    task.updated_at = utcnow()
    session.add(task)
    session.commit()
    session.refresh(task)
    if is_done and not was_done:
        background.add_task(
            publish_task_completed_event,
            {
                "event_type": "task-completed",
                "task_id": str(task.id),
                "user_id": str(task.user_id),
                "recurring_type": task.recurring_type.value,
                "completed_at": task.completed_at.isoformat(),
            },
        )
    return task


@router.get("", response_model=list[TaskPublic])
def list_tasks(
    user: CurrentUser,
    session: SessionDep,
    status: TaskStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
):
    query = select(Task).where(Task.user_id == user.id)
    if status is not None:
        query = query.where(Task.status == status)
    return session.exec(query.order_by(Task.created_at.desc()).limit(limit).offset(offset)).all()


@router.post("", response_model=TaskPublic, status_code=201)
def create_task(body: TaskCreate, user: CurrentUser, session: SessionDep):
    if body.parent_task_id is not None:
        get_owned_task(body.parent_task_id, user, session)
    task = Task(**body.model_dump(), user_id=user.id)
    session.add(task)
    session.commit()
    session.refresh(task)
    return task


@router.get("/{task_id}", response_model=TaskPublic)
def read_task(task_id: uuid.UUID, user: CurrentUser, session: SessionDep):
    return get_owned_task(task_id, user, session)


@router.put("/{task_id}", response_model=TaskPublic)
def update_task(
    task_id: uuid.UUID, body: TaskUpdate, user: CurrentUser, session: SessionDep, background: BackgroundTasks
):
    task = get_owned_task(task_id, user, session)
    was_done = task.status == TaskStatus.done
    task.sqlmodel_update(body.model_dump(exclude_unset=True))
    return save(task, was_done, session, background)


@router.delete("/{task_id}", status_code=204)
def delete_task(task_id: uuid.UUID, user: CurrentUser, session: SessionDep) -> None:
    session.delete(get_owned_task(task_id, user, session))
    session.commit()


@router.patch("/{task_id}/toggle", response_model=TaskPublic)
def toggle_task(task_id: uuid.UUID, user: CurrentUser, session: SessionDep, background: BackgroundTasks):
    task = get_owned_task(task_id, user, session)
    was_done = task.status == TaskStatus.done
    task.status = TaskStatus.pending if was_done else TaskStatus.done
    return save(task, was_done, session, background)
