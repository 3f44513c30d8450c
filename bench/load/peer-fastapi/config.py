from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str = "sqlite:////data/todo.db"
    secret_key: str = "dev-secret-key-change-in-production"
    access_token_minutes: int = 60 * 24
    environment: str = "development"
    cors_origins: str = "http://localhost:3000,http://localhost:8000"
    dapr_http_port: int = 3500
    dapr_pubsub_name: str = "kafka-pubsub"
    dapr_topic: str = "task-events"
    sqlite_journal_mode: str = "WAL"  # "DELETE" is what SQLite does when nobody sets it
    sqlite_synchronous: str = "FULL"
    thread_pool_size: int = 40  # Starlette's own default
    db_pool_size: int = 40  # one connection for each of those threads

    @property
    def publish_url(self) -> str:
        return f"http://localhost:{self.dapr_http_port}/v1.0/publish/{self.dapr_pubsub_name}/{self.dapr_topic}"


settings = Settings()
