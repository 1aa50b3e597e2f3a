-- KEYS: session, user, live. ARGV: name, user, created, idle, expires, due, sealed, about, time to live in ms.
-- Answers 1 also when an earlier attempt of the same caller has made the record, which only its seal can tell.
local session, sessions, live = unpack(KEYS)
local name, user, created, idle, expires, due, sealed, about, ttl = unpack(ARGV)
if redis.call('EXISTS', session) == 1 then
  return redis.call('HGET', session, 'sealed') == sealed and 1 or 0
end
redis.call('HSET', session, 'user', user, 'version', 1, 'created', created, 'seen', created,
  'idle', idle, 'expires', expires, 'sealed', sealed, 'about', about)
redis.call('PEXPIRE', session, ttl)
redis.call('ZREMRANGEBYSCORE', sessions, '-inf', created)
redis.call('ZADD', sessions, expires, name)
if redis.call('PTTL', sessions) < tonumber(ttl) then redis.call('PEXPIRE', sessions, ttl) end
redis.call('ZADD', live, due, name)
return 1
