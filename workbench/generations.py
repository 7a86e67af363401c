"""Modules made from one reading of their files, which import each other and nothing older or newer."""

import builtins
import importlib
import importlib.util
import linecache
import sys
import threading
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from types import ModuleType
from typing import Any

import dataflows.errors
import dataflows.model  # noqa: F401 both are read below
from workbench.project_files import Closure, Source, read

CONTRACT = ("dataflows", "dataflows.errors", "dataflows.model")
"""Never made anew: the workbench asks for the very classes in them, and they list its dataflows."""

_AT_START = {name: read(Path(str(sys.modules[name].__file__))) for name in CONTRACT}
_running = threading.RLock()


class Generation:
    """The modules of a closure.

    Args:
        code: What they are made of.
        apart: Another project's: its modules bear names that nothing else has, so that a dataflows/ of theirs is not
            taken for ours.
    """

    def __init__(self, code: Closure, *, apart: bool = False) -> None:
        self.code = code
        parts = [(name, str(own.path), sha256(own.data).hexdigest()) for name, own in sorted(code.sources.items())]
        self.digest = sha256(repr(parts).encode()).hexdigest()
        """Hex; equal for equal code in the same files."""
        self._above = f"project_{self.digest[:16]}." if apart else ""
        self._contract = () if apart else CONTRACT
        packages = {package for name in code.sources for package in _packages_of(name)}
        self._ours = packages | set(code.sources)
        self._modules: dict[str, ModuleType] = {}
        # An import statement calls what it finds here, so that it finds this generation at any later time too.
        self._builtins = {**vars(builtins), "__import__": self._import}

    def module(self, name: str) -> ModuleType:
        """The module of this name, run when it wasn't yet; one that is not the project's comes as Python has it."""
        if name not in self._ours:
            return importlib.import_module(name)
        with _running:
            package, _, child = name.rpartition(".")
            above = self.module(package) if package else None
            if name not in self._modules:
                self._run(name)
                if above:
                    setattr(above, child, self._modules[name])
            return self._modules[name]

    def publish(self) -> None:
        """Be what sys.modules names: Hamilton looks a function's module up there, and compares the names only.

        A name is never absent from there, not even for a moment: Hamilton would leave out the nodes of the module.
        """
        for name, source in self.code.sources.items():
            if name in self._contract or name not in self._modules:
                continue
            if not self._above:
                sys.modules[name] = self._modules[name]
                package, _, child = name.rpartition(".")
                if package in sys.modules and sys.modules[package] is not self._modules.get(package):
                    setattr(sys.modules[package], child, self._modules[name])
            # Without a time, so that a newer file doesn't take its place in tracebacks and in a node's source.
            lines = source.data.decode("utf-8", "replace").splitlines(keepends=True)
            linecache.cache[str(source.path)] = (len(source.data), None, lines, str(source.path))

    def retire(self) -> None:
        """Nobody will ask for it any more; what still holds its modules keeps them."""
        for name in self._modules if self._above else ():
            sys.modules.pop(self._above + name, None)

    def _run(self, name: str) -> None:
        if name in self._contract:
            self._modules[name] = _of_contract(name)
        elif name not in self.code.sources:
            self._modules[name] = ModuleType(self._above + name)  # a folder without an __init__.py
        else:
            source = self.code.sources[name]
            self._modules[name] = module = _empty(source, self._above + name)
            module.__dict__.update(__builtins__=self._builtins, __generation__=self.digest)
            if self._above:
                sys.modules[module.__name__] = module  # as an import does; dataclasses look there while it runs
            try:
                exec(compile(source.code, str(source.path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102 as an import does
            except BaseException:
                del self._modules[name]
                if self._above:
                    del sys.modules[module.__name__]
                raise

    def _import(
        self,
        name: str,
        importer: Mapping[str, Any] | None = None,
        names: Mapping[str, Any] | None = None,
        items: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """What Python's own __import__ is, for the modules of a generation."""
        package = str((importer or {}).get("__package__") or "").removeprefix(self._above)
        whole = importlib.util.resolve_name("." * level + name, package) if level else name
        if whole not in self._ours:
            self._refuse_deleted(whole)
            return builtins.__import__(name, importer, names, items or (), level)
        module = self.module(whole)
        if not items:
            return self.module(whole.partition(".")[0])
        for item in getattr(module, "__all__", ()) if "*" in items else items:
            if f"{whole}.{item}" in self._ours:
                self.module(f"{whole}.{item}")
            elif not hasattr(module, item):
                self._refuse_deleted(f"{whole}.{item}")
        return module

    def _refuse_deleted(self, name: str) -> None:
        """ModuleNotFoundError when Python still has the module of a file that is gone."""
        file = None if self._above else getattr(sys.modules.get(name), "__file__", None)
        if file and file.endswith(".py") and not Path(file).exists():
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def edited_contract(code: Closure) -> Source | None:
    """The first module of the contract whose file is not what it was when this process began."""
    edited = (code.sources[name] for name in CONTRACT if name in code.sources)
    return next((source for source in edited if source.data != _AT_START[source.name]), None)


def _packages_of(name: str) -> list[str]:
    """ "a.b.c" is in "a" and "a.b"."""
    return list(accumulate(name.split(".")[:-1], lambda package, child: f"{package}.{child}"))


def _of_contract(name: str) -> ModuleType:
    real = importlib.import_module(name)
    if not hasattr(real, "__path__"):
        return real
    package = ModuleType(name)
    # Without the modules in it, which may be of another generation.
    package.__dict__.update({key: own for key, own in vars(real).items() if not isinstance(own, ModuleType)})
    return package


def _empty(source: Source, name: str) -> ModuleType:
    folders = [str(source.path.parent)] if source.is_package else None
    spec = importlib.util.spec_from_file_location(name, source.path, submodule_search_locations=folders)
    if spec is None:
        raise ImportError(f"{source.path.name} is no Python file", name=source.name)
    return importlib.util.module_from_spec(spec)
