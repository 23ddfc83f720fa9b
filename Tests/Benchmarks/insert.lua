-- POST /comments/ of one and the same comment.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"talk_id":1,"user_ip":"192.168.100.100",'
    .. '"comment_text":"A question from the room: how does this behave under load?"}'
