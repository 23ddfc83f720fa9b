extension PydanticCases {
    static let durations = #"""
        dur "100:00:00"
        = "P4DT4H"
        dur "999999999:00:00"
        = "P114155Y91DT15H"
        dur "99999999999:00:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 hours","input":"99999999999:00:00","ctx":{"error":"durations may not exceed 999,999,999 hours"}}]
        dur "1:2:3"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in minute","input":"1:2:3","ctx":{"error":"invalid character in minute"}}]
        dur "1:02:03.5"
        = "PT1H2M3.5S"
        dur "1 day, 24:00:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 hours","input":"1 day, 24:00:00","ctx":{"error":"durations may not exceed 999,999,999 hours"}}]
        dur "1 day, 23:59:59"
        = "P1DT23H59M59S"
        dur "1 day, 100:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 hours","input":"1 day, 100:00","ctx":{"error":"durations may not exceed 999,999,999 hours"}}]
        dur "12:ab"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in minute","input":"12:ab","ctx":{"error":"invalid character in minute"}}]
        dur "12:1a"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in minute","input":"12:1a","ctx":{"error":"invalid character in minute"}}]
        dur "12:10:10."
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, second fraction digits missing after `.`","input":"12:10:10.","ctx":{"error":"second fraction digits missing after `.`"}}]
        dur "12:10:10.123456789"
        = "PT12H10M10.123456S"
        dur "012:10"
        = "PT12H10M"
        dur "-12:10"
        = "-PT12H10M"
        dur "1 day, 1"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"1 day, 1","ctx":{"error":"input is too short"}}]
        dur "1 day, 1:2"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"1 day, 1:2","ctx":{"error":"input is too short"}}]
        dur "1 day, ab:cd"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in hour","input":"1 day, ab:cd","ctx":{"error":"invalid character in hour"}}]
        dur "P1DT2H3M4.5S"
        = "P1DT2H3M4.5S"
        dur "PT0S"
        = "PT0S"
        dur "P1M"
        = "P30D"
        dur "P1Y2M3W4DT5H6M7S"
        = "P1Y85DT5H6M7S"
        dur "PT1.5H"
        = "PT1H30M"
        dur "P1.5D"
        = "P1DT12H"
        dur "P1.5DT1H"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity fraction invalid in duration","input":"P1.5DT1H","ctx":{"error":"quantity fraction invalid in duration"}}]
        dur "P1.5Y"
        = "P1Y182DT12H"
        dur "P1.123W"
        = "P7DT20H39M50.4S"
        dur "PT1,5S"
        = "PT1.5S"
        dur "PT0.0000005S"
        = "PT0.000001S"
        dur "PT1.1234567S"
        = "PT1.123457S"
        dur "P"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"P","ctx":{"error":"input is too short"}}]
        dur "PT"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"PT","ctx":{"error":"input is too short"}}]
        dur "P1"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity invalid in date part of duration","input":"P1","ctx":{"error":"quantity invalid in date part of duration"}}]
        dur "P1H"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity invalid in date part of duration","input":"P1H","ctx":{"error":"quantity invalid in date part of duration"}}]
        dur "PT1D"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity invalid in time part of duration","input":"PT1D","ctx":{"error":"quantity invalid in time part of duration"}}]
        dur "PT1TS"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity invalid in time part of duration","input":"PT1TS","ctx":{"error":"quantity invalid in time part of duration"}}]
        dur "PT1HT1M"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, `t` character repeated in duration","input":"PT1HT1M","ctx":{"error":"`t` character repeated in duration"}}]
        dur "1"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, \"day\" identifier in duration not correctly formatted","input":"1","ctx":{"error":"\"day\" identifier in duration not correctly formatted"}}]
        dur "00:00:01"
        = "PT1S"
        dur "01:02:03"
        = "PT1H2M3S"
        dur "1:02:03"
        = "PT1H2M3S"
        dur "-01:02:03"
        = "-PT1H2M3S"
        dur "24:00:00"
        = "P1D"
        dur "00:60:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, minute value is outside expected range of 0-59","input":"00:60:00","ctx":{"error":"minute value is outside expected range of 0-59"}}]
        dur "00:00:60"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, second value is outside expected range of 0-59","input":"00:00:60","ctx":{"error":"second value is outside expected range of 0-59"}}]
        dur "01:02:03Z"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, unexpected extra characters at the end of the input","input":"01:02:03Z","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dur "01:02:03+01:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, unexpected extra characters at the end of the input","input":"01:02:03+01:00","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dur "1 day"
        = "P1D"
        dur "2 days, 01:02:03"
        = "P2DT1H2M3S"
        dur "2d01:02:03"
        = "P2DT1H2M3S"
        dur "2D, 01:02:03.5"
        = "P2DT1H2M3.5S"
        dur "2 dayx"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"2 dayx","ctx":{"error":"input is too short"}}]
        dur "2 hours"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in hour","input":"2 hours","ctx":{"error":"invalid character in hour"}}]
        dur "x"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid digit in duration","input":"x","ctx":{"error":"invalid digit in duration"}}]
        dur ""
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"","ctx":{"error":"input is too short"}}]
        dur "-"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"-","ctx":{"error":"input is too short"}}]
        dur " 1 day"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid digit in duration","input":" 1 day","ctx":{"error":"invalid digit in duration"}}]
        dur "1 day, 1:02:03"
        = "P1DT1H2M3S"
        dur "1 day, 25:00:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 hours","input":"1 day, 25:00:00","ctx":{"error":"durations may not exceed 999,999,999 hours"}}]
        dur "1 day, 01:02:03Z"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, unexpected extra characters at the end of the input","input":"1 day, 01:02:03Z","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dur "1 day, 01:02:03x"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, unexpected extra characters at the end of the input","input":"1 day, 01:02:03x","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dur "999999999 days"
        = "P2739726Y9D"
        dur "1000000000 days"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 days","input":"1000000000 days","ctx":{"error":"durations may not exceed 999,999,999 days"}}]
        dur "P999999999D"
        = "P2739726Y9D"
        dur "P1000000000D"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 days","input":"P1000000000D","ctx":{"error":"durations may not exceed 999,999,999 days"}}]
        dur "P999999999DT86399.999999S"
        = "P2739726Y9DT23H59M59.999999S"
        dur "P4294967296D"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, a numeric value in the duration is too large","input":"P4294967296D","ctx":{"error":"a numeric value in the duration is too large"}}]
        dur "PT4294967296S"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, a numeric value in the duration is too large","input":"PT4294967296S","ctx":{"error":"a numeric value in the duration is too large"}}]
        dur "99999999999 days"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, a numeric value in the duration is too large","input":"99999999999 days","ctx":{"error":"a numeric value in the duration is too large"}}]
        dur 0
        = "PT0S"
        dur 1
        = "PT1S"
        dur 1.5
        = "PT1.5S"
        dur -1.5
        = "-PT1.5S"
        dur 0.0000001
        = "PT0S"
        dur 0.0000005
        = "PT0.000001S"
        dur 0.0000015
        = "PT0.000002S"
        dur 1e10
        = "P317Y35DT17H46M40S"
        dur 1e20
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 days","input":1e+20,"ctx":{"error":"durations may not exceed 999,999,999 days"}}]
        dur 86400000000000
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 days","input":86400000000000,"ctx":{"error":"durations may not exceed 999,999,999 days"}}]
        dur -86399999913600
        = "-P2739726Y9D"
        dur 9223372036854775808
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 days","input":9223372036854775808,"ctx":{"error":"durations may not exceed 999,999,999 days"}}]
        dur -9223372036854775809
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, durations may not exceed 999,999,999 days","input":-9223372036854775809,"ctx":{"error":"durations may not exceed 999,999,999 days"}}]
        dur true
        = "PT1S"
        dur false
        = "PT0S"
        dur null
        [{"type":"time_delta_type","loc":["body"],"msg":"Input should be a valid timedelta","input":null}]
        dur []
        [{"type":"time_delta_type","loc":["body"],"msg":"Input should be a valid timedelta","input":[]}]
        dur {}
        [{"type":"time_delta_type","loc":["body"],"msg":"Input should be a valid timedelta","input":{}}]
        dur "éé"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid digit in duration","input":"éé","ctx":{"error":"invalid digit in duration"}}]
        dur "P1é"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity invalid in date part of duration","input":"P1é","ctx":{"error":"quantity invalid in date part of duration"}}]
        dur "PT1.S"
        = "PT1S"
        dur "PT.5S"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid digit in duration","input":"PT.5S","ctx":{"error":"invalid digit in duration"}}]
        dur "P1DT"
        = "P1D"
        dur "PT1S1M"
        = "PT1M1S"
        dur "-P1DT1S"
        = "-P1DT1S"
        dur 90061.000001
        = "P1DT1H1M1.000001S"
        dur -90061.000001
        = "-P1DT1H1M1.000001S"
        dur "-1 day, 01:02:03"
        = "-P1DT1H2M3S"
        dur "p1d"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid digit in duration","input":"p1d","ctx":{"error":"invalid digit in duration"}}]
        dur "P1d"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity invalid in date part of duration","input":"P1d","ctx":{"error":"quantity invalid in date part of duration"}}]
        dur "PT1s"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity invalid in time part of duration","input":"PT1s","ctx":{"error":"quantity invalid in time part of duration"}}]
        dur "P-1D"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid digit in duration","input":"P-1D","ctx":{"error":"invalid digit in duration"}}]
        dur "1 day,01:02:03"
        = "P1DT1H2M3S"
        dur "00:00:01,5"
        = "PT1.5S"
        dur "01:02:03 "
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, unexpected extra characters at the end of the input","input":"01:02:03 ","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dur "ab:cd"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid digit in duration","input":"ab:cd","ctx":{"error":"invalid digit in duration"}}]
        dur "1a:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in hour","input":"1a:00","ctx":{"error":"invalid character in hour"}}]
        dur "00:00:0a"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in second","input":"00:00:0a","ctx":{"error":"invalid character in second"}}]
        dur "00:00:01."
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, second fraction digits missing after `.`","input":"00:00:01.","ctx":{"error":"second fraction digits missing after `.`"}}]
        dur "0:00:00"
        = "PT0S"
        dur 1.0000005
        = "PT1.000001S"
        dur 1234567.891
        = "P14DT6H56M7.891S"
        dur "P0.5M"
        = "P15D"
        dur "P0.1Y"
        = "P36DT12H"
        dur 3155760000
        = "P100Y25D"
        dur 1e-7
        = "PT0S"
        dur -0.0
        = "PT0S"
        dur -0.5
        = "-PT0.5S"
        dur "P1DT0.000001S"
        = "P1DT0.000001S"
        dur -0.000001
        = "-PT0.000001S"
        dur "1 hou"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in hour","input":"1 hou","ctx":{"error":"invalid character in hour"}}]
        dur "1xd:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, \"day\" identifier in duration not correctly formatted","input":"1xd:00","ctx":{"error":"\"day\" identifier in duration not correctly formatted"}}]
        dur "1:02:"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in second","input":"1:02:","ctx":{"error":"invalid character in second"}}]
        dur "10 hd"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, \"day\" identifier in duration not correctly formatted","input":"10 hd","ctx":{"error":"\"day\" identifier in duration not correctly formatted"}}]
        dur "1 d:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"1 d:00","ctx":{"error":"input is too short"}}]
        dur "12:00d"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, \"day\" identifier in duration not correctly formatted","input":"12:00d","ctx":{"error":"\"day\" identifier in duration not correctly formatted"}}]
        dur "1::00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in minute","input":"1::00","ctx":{"error":"invalid character in minute"}}]
        dur "12:00:00,"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, second fraction digits missing after `.`","input":"12:00:00,","ctx":{"error":"second fraction digits missing after `.`"}}]
        dur "5:00:00.1234567890"
        = "PT5H0.123456S"
        dur "1 day, 12:00:60"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, second value is outside expected range of 0-59","input":"1 day, 12:00:60","ctx":{"error":"second value is outside expected range of 0-59"}}]
        dur "1 day, 12:00:00.1234567"
        = "P1DT12H0.123456S"
        dur "1 day, 12:00:00."
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, second fraction digits missing after `.`","input":"1 day, 12:00:00.","ctx":{"error":"second fraction digits missing after `.`"}}]
        dur "1 day, 12.00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in hour","input":"1 day, 12.00","ctx":{"error":"invalid character in hour"}}]
        dur "1 day, 12:0a"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in minute","input":"1 day, 12:0a","ctx":{"error":"invalid character in minute"}}]
        dur "1 day,x"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, input is too short","input":"1 day,x","ctx":{"error":"input is too short"}}]
        dur "1 day  12:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in hour","input":"1 day  12:00","ctx":{"error":"invalid character in hour"}}]
        dur "1 DAYS"
        = "P1D"
        dur "1 day, 1a:00"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, invalid character in hour","input":"1 day, 1a:00","ctx":{"error":"invalid character in hour"}}]
        dur "P1,5D"
        = "P1DT12H"
        dur "P1DT1.5H1M"
        [{"type":"time_delta_parsing","loc":["body"],"msg":"Input should be a valid timedelta, quantity fraction invalid in duration","input":"P1DT1.5H1M","ctx":{"error":"quantity fraction invalid in duration"}}]
        dur "PT1.9999999S"
        = "PT2S"
        dur "PT59.9999999S"
        = "PT1M"
        """#
}
