package main

violation[{"msg": msg, "details": {"service": name}}] {
  some name, i
  volume := input.services[name].volumes[i]
  startswith(volume, "/var/run/docker.sock")
  msg := sprintf("%s mounts %s", [name, volume])
}
