"""`python -m avenant.cli`."""

from avenant.cli import main

main()
