package main

exception[rules] {
  input.services[_].labels.legacy == "true"
  rules := ["old_version"]
}

deny_old_version[msg] {
  input.version
  msg := sprintf("version %s is set", [input.version])
}

warn_restart[msg] {
  service := input.services[name]
  re_match("^(always|unless-stopped)$", service.restart)
  msg := concat(" ", [name, "restarts without end"])
}
