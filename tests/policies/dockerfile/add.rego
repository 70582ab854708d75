package main

import rego.v1

deny contains msg if {
	some i
	input[i].Cmd == "add"
	val := concat(" ", input[i].Value)
	msg := sprintf("use COPY instead of ADD: %s", [val])
}

warn contains msg if {
	some command in input
	command.Cmd == "copy"
	not has_owner(command)
	msg := sprintf("no owner in stage %d: %v", [command.Stage, command.Value])
}

has_owner(command) if {
	some flag in command.Flags
	startswith(flag, "--chown=")
}
