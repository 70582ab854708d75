package main

secrets := ["passwd", "password", "secret", "token"]

deny[msg] {
  input[i].Cmd == "env"
  val := input[i].Value
  contains(lower(val[_]), secrets[_])
  msg = sprintf("potential secret in ENV: %s", [val[0]])
}

deny[msg] {
  input[i].Cmd == "healthcheck"
  input[i].Value[0] == "NONE"
  msg := "the health check is switched off"
}
