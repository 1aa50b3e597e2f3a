-- What the other scripts share. Times are decimal texts, as the numbers of Lua do not hold all of them exactly.

local PREFIX = '{vestibule}:'

local function before(a, b)
  return #a < #b or (#a == #b and a < b)
end

-- 'live', 'ended' or 'missing': what the record amounts to at `now`.
local function state(session, now)
  local record = redis.call('HMGET', session, 'expires', 'ended', 'seen', 'idle')
  if not record[1] or not before(now, record[1]) then return 'missing' end
  if record[2] then return 'ended' end
  if tonumber(now) - tonumber(record[3]) >= tonumber(record[4]) then return 'ended' end
  return 'live'
end

-- Writes something. WAIT counts who has what its connection has written: after nothing at all it would say that every
-- replica has what an earlier attempt wrote.
local function witness()
  redis.call('SET', PREFIX .. 'ping', 1, 'PX', 1000)
end

-- Puts a tombstone in the place of a live record. It is forgotten when the record would have been.
local function bury(name, reason, now, attempt)
  local session = PREFIX .. 'session:' .. name
  local user = redis.call('HGET', session, 'user')
  redis.call('HDEL', session, 'sealed', 'about')
  redis.call('HSET', session, 'ended', now, 'reason', reason, 'attempt', attempt)
  redis.call('ZREM', PREFIX .. 'user:' .. user, name)
  redis.call('ZREM', PREFIX .. 'live', name)
  redis.call('PUBLISH', PREFIX .. 'ended', name)
end

