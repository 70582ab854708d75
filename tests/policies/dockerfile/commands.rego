package commands

denylist = ["apk", "apt", "pip", "curl", "wget"]

deny[msg] {
  input[i].Cmd == "run"
  msg = "never asked for: this is not the package main"
}

run := [value | input[i].Cmd == "run"; value := concat(" ", input[i].Value)]
