"""The words the app uses. numpy only, no I/O, imports nothing from the other rooms."""
