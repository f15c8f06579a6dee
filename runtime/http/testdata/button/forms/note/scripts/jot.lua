create("note", {text = "one"})
create("note", {text = "two"})
