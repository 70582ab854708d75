package main

import rego.v1

import data.settings

deny_plain_secret contains msg if {
	some name, service in input.services
	some entry in service.environment
	[key, value] := split(entry, "=")
	some word in settings.words
	contains(lower(key), word)
	value != ""
	msg := sprintf("%s sets %s in the open", [name, key])
}
