"""Style sheets and scripts, kept in memory and served under an address that changes with their content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.resources.abc import Traversable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """The files of some folders, under one digest: any change gives all of them a new address."""

    def __init__(self, folders: Iterable[Traversable]) -> None:
        self._files = {
            file.name: file.read_bytes()
            for folder in folders
            for file in folder.iterdir()
            if file.name.rpartition(".")[2] in MEDIA_TYPES
        }
        digest = hashlib.sha256()
        for name in sorted(self._files):
            digest.update(name.encode() + b"\0" + self._files[name])
        self._digest = digest.hexdigest()[:12]

    def path(self, name: str) -> str:
        """Where a file is served, below the site's prefix."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self._digest}/{name}"

    def route(self) -> Route:
        return Route("/static/{digest}/{name}", self._serve, methods=["GET"])

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        if request.path_params["digest"] != self._digest or name not in self._files:
            raise HTTPException(404)
        media_type = MEDIA_TYPES[name.rpartition(".")[2]]
        return Response(self._files[name], media_type=media_type, headers={"Cache-Control": FOREVER})
