from contextlib import asynccontextmanager

import anyio.to_thread
import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from config import settings
from core.events import close_client
from core.logger import configure_logging
from middleware.error_handler import register_error_handlers
from routes import auth, events, tasks


@asynccontextmanager
async def lifespan(_: FastAPI):
    configure_logging()
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.thread_pool_size
    yield
    await close_client()


app = FastAPI(title="Todo API", version="5.0.0", lifespan=lifespan)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.cors_origins.split(","),
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)
register_error_handlers(app)
app.include_router(auth.router)
app.include_router(tasks.router)
app.include_router(events.router)


@app.get("/health")
def health() -> dict:
    return {"status": "healthy", "version": app.version}


if __name__ == "__main__":
    uvicorn.run("main:app", host="127.0.0.1", port=8000)
