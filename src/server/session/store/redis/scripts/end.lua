-- KEYS: session. ARGV: name, reason, now, attempt.
local session = KEYS[1]
local name, reason, now, attempt = unpack(ARGV)
local found = state(session, now)
if found == 'live' then
  bury(name, reason, now, attempt)
  return 'first'
end
witness()
-- An earlier attempt of the same caller.
if found == 'ended' and redis.call('HGET', session, 'attempt') == attempt then return 'first' end
return found
