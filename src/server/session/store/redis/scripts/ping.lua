-- KEYS: something to write. Whether it can be written, and replicas get it, is what is asked.
redis.call('SET', KEYS[1], 1, 'PX', 1000)
return 1
