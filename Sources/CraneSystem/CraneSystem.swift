// The C library for those above: who imports this module has it.
@_exported public import Glibc
