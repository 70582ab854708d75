package main

any_user {
  input[_].Cmd == "user"
}

deny[msg] {
  not any_user
  msg = "the image runs as root: there is no USER"
}

deny[msg] {
  input[i].Cmd == "user"
  val := input[i].Value
  lower(val[_]) == "root"
  msg = "the image runs as root"
}
