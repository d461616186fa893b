"""What the helper can be asked."""

from __future__ import annotations

from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field

from addin.backend.guard import Guard
from addin.ribbon.meeting import Control  # noqa: TC001 - pydantic reads the annotations

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from addin.backend.desk import Desk
    from addin.ribbon.meeting import Helper


class Click(BaseModel):
    """A click on the ribbon.

    Attributes:
        control: Which button.
        window: The handle of the window of Excel; 0 where there are none, on macOS.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    control: Control
    window: int = Field(ge=0, lt=2**63)


class Health(BaseModel):
    """That the helper is up.

    Attributes:
        reveal: Its version.
    """

    reveal: str


def application(helper: Helper, desk: Desk) -> ASGIApp:
    """Make what answers the ribbon.

    Args:
        helper: The port and the token.
        desk: Does what a click asks for.
    """
    # Nothing about it is to be read from outside: no pages, and no schema.
    app = FastAPI(openapi_url=None)

    @app.get("/health")
    def health() -> Health:
        return Health(reveal=version("reveal-sheets"))

    @app.post("/ribbon", status_code=HTTPStatus.ACCEPTED, response_class=Response)
    def ribbon(click: Click) -> Response:
        taken = desk.take(click.control, click.window)
        return Response(status_code=HTTPStatus.ACCEPTED if taken else HTTPStatus.CONFLICT)

    return Guard(app, helper)
