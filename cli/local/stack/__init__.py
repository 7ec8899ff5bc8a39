"""The local stack: Kafka, PostgreSQL, a mailbox and the services as child processes, all files under one folder."""

from cli.local.stack.errors import StackError
from cli.local.stack.stack import INFRASTRUCTURE, SERVICES, Stack

__all__ = ["INFRASTRUCTURE", "SERVICES", "Stack", "StackError"]
