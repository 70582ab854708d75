package main

import future.keywords.contains
import future.keywords.if
import future.keywords.in

low(port) if to_number(split(port, ":")[0]) < 1024

warn contains msg if {
  some name, service in input.services
  some port in service.ports
  low(port)
  msg := sprintf("%v publishes %v", [name, port])
}
