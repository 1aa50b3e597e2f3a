-- KEYS: what is written. Whether that can be, and replicas get it, is what is asked.
witness()
return 1
