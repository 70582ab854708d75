package main

import data.commands

deny[{"msg": msg, "path": [i, "Value", 0]}] {
  input[i].Cmd == "run"
  val := input[i].Value
  contains(val[_], commands.denylist[_])
  msg := sprintf("unallowed commands found %s", [val])
}

warn[msg] {
  count(commands.run) > 2
  msg := sprintf("%d RUN instructions", [count(commands.run)])
}
