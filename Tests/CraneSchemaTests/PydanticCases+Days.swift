extension PydanticCases {
    static let days = #"""
        day "2020-01-01"
        = "2020-01-01"
        day "2020-01-01T00:00:00Z"
        = "2020-01-01"
        day "2020-01-01T00:00:00"
        = "2020-01-01"
        day "2020-01-01 00:00"
        = "2020-01-01"
        day "2020-01-01T00:00:00+01:00"
        = "2020-01-01"
        day "2020-01-01T00:00:00-00:00"
        = "2020-01-01"
        day "2020-01-01T00:00:01"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"2020-01-01T00:00:01"}]
        day "2020-01-01T00:00:00.000001"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"2020-01-01T00:00:00.000001"}]
        day "2020-13-01"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, month value is outside expected range of 1-12","input":"2020-13-01","ctx":{"error":"month value is outside expected range of 1-12"}}]
        day "2020-02-30"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, day value is outside expected range","input":"2020-02-30","ctx":{"error":"day value is outside expected range"}}]
        day "2020-1-1"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"2020-1-1","ctx":{"error":"input is too short"}}]
        day ""
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"","ctx":{"error":"input is too short"}}]
        day "x"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"x","ctx":{"error":"input is too short"}}]
        day "20200101"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"20200101"}]
        day "2020-01-01 "
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"2020-01-01 ","ctx":{"error":"input is too short"}}]
        day "2020-01-01x"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid datetime separator, expected `T`, `t`, `_` or space","input":"2020-01-01x","ctx":{"error":"invalid datetime separator, expected `T`, `t`, `_` or space"}}]
        day "abcd-01-01"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in year","input":"abcd-01-01","ctx":{"error":"invalid character in year"}}]
        day "2020/01/01"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid date separator, expected `-`","input":"2020/01/01","ctx":{"error":"invalid date separator, expected `-`"}}]
        day "2020-ab-01"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in month","input":"2020-ab-01","ctx":{"error":"invalid character in month"}}]
        day "2020-01-ab"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in day","input":"2020-01-ab","ctx":{"error":"invalid character in day"}}]
        day "0000-01-01"
        [{"type":"date_parsing","loc":["body"],"msg":"Input should be a valid date in the format YYYY-MM-DD, year 0 is out of range","input":"0000-01-01","ctx":{"error":"year 0 is out of range"}}]
        day "0001-01-01"
        = "0001-01-01"
        day "9999-12-31"
        = "9999-12-31"
        day 0
        = "1970-01-01"
        day 86400
        = "1970-01-02"
        day 1
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":1}]
        day 86400000
        = "1972-09-27"
        day -86400
        = "1969-12-31"
        day 1.5
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":1.5}]
        day 86400.0
        = "1970-01-02"
        day 1e3
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":1000.0}]
        day "0"
        = "1970-01-01"
        day "86400"
        = "1970-01-02"
        day "86401"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"86401"}]
        day "1.5"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"1.5"}]
        day "86400.0"
        = "1970-01-02"
        day "86400.5"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"86400.5"}]
        day 20000000000
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":20000000000}]
        day 20000000001
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":20000000001}]
        day 20044800000
        = "1970-08-21"
        day 20044800001
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":20044800001}]
        day 253402300800000
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates after 9999 are not supported as unix timestamps","input":253402300800000,"ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        day 253402300799999
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":253402300799999}]
        day 253402214400000
        = "9999-12-31"
        day -62135596800000
        = "0001-01-01"
        day -62135596886400000
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates before 0000 are not supported as unix timestamps","input":-62135596886400000,"ctx":{"error":"dates before 0000 are not supported as unix timestamps"}}]
        day -62167219200001
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates before 0000 are not supported as unix timestamps","input":-62167219200001,"ctx":{"error":"dates before 0000 are not supported as unix timestamps"}}]
        day 9223372036854775808
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates after 9999 are not supported as unix timestamps","input":9223372036854775808,"ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        day -9223372036854775809
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates before 0000 are not supported as unix timestamps","input":-9223372036854775809,"ctx":{"error":"dates before 0000 are not supported as unix timestamps"}}]
        day 1e20
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates after 9999 are not supported as unix timestamps","input":1e+20,"ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        day true
        [{"type":"date_type","loc":["body"],"msg":"Input should be a valid date","input":true}]
        day false
        [{"type":"date_type","loc":["body"],"msg":"Input should be a valid date","input":false}]
        day null
        [{"type":"date_type","loc":["body"],"msg":"Input should be a valid date","input":null}]
        day []
        [{"type":"date_type","loc":["body"],"msg":"Input should be a valid date","input":[]}]
        day {}
        [{"type":"date_type","loc":["body"],"msg":"Input should be a valid date","input":{}}]
        day "253402300800000"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates after 9999 are not supported as unix timestamps","input":"253402300800000","ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        day "-62135596886400000"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates before 0000 are not supported as unix timestamps","input":"-62135596886400000","ctx":{"error":"dates before 0000 are not supported as unix timestamps"}}]
        day "nan"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"nan","ctx":{"error":"input is too short"}}]
        day "2020-01-01T00:00:00Zx"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, unexpected extra characters at the end of the input","input":"2020-01-01T00:00:00Zx","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        day "2020-01-01T24:00:00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, hour value is outside expected range of 0-23","input":"2020-01-01T24:00:00","ctx":{"error":"hour value is outside expected range of 0-23"}}]
        day "éé"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"éé","ctx":{"error":"input is too short"}}]
        day "99999999999999999999999"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid date separator, expected `-`","input":"99999999999999999999999","ctx":{"error":"invalid date separator, expected `-`"}}]
        day "-1"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"-1"}]
        day "+86400"
        = "1970-01-02"
        day ".5"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":".5"}]
        day "1."
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"1."}]
        day " 0"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":" 0","ctx":{"error":"input is too short"}}]
        day 1.7976931348623157e308
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, dates after 9999 are not supported as unix timestamps","input":1.7976931348623157e+308,"ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        day "0000-00-00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, month value is outside expected range of 1-12","input":"0000-00-00","ctx":{"error":"month value is outside expected range of 1-12"}}]
        day "0000-01-01T00:00:00"
        [{"type":"date_parsing","loc":["body"],"msg":"Input should be a valid date in the format YYYY-MM-DD, year 0 is out of range","input":"0000-01-01T00:00:00","ctx":{"error":"year 0 is out of range"}}]
        day "2024-02-29"
        = "2024-02-29"
        day "1900-02-29"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, day value is outside expected range","input":"1900-02-29","ctx":{"error":"day value is outside expected range"}}]
        day "2020-01-01T00:00:00+00:00"
        = "2020-01-01"
        day "2020-01-01T23:00:00-01:00"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"2020-01-01T23:00:00-01:00"}]
        day 2e10
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":20000000000.0}]
        day 20000000000.5
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":20000000000.5}]
        day -0.0
        = "1970-01-01"
        day "-86400000000"
        = "1967-04-07"
        day "1e3"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"1e3","ctx":{"error":"input is too short"}}]
        day "172800e0"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"172800e0","ctx":{"error":"input is too short"}}]
        day "86400.0e0"
        = "1970-01-02"
        day "2020-01-01T"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"2020-01-01T","ctx":{"error":"input is too short"}}]
        day "2020-01-01T0"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"2020-01-01T0","ctx":{"error":"input is too short"}}]
        day "2020-01-01T00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"2020-01-01T00","ctx":{"error":"input is too short"}}]
        day "2020-01-01T00:0"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, input is too short","input":"2020-01-01T00:0","ctx":{"error":"input is too short"}}]
        day "2020-01-01Tab:00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in hour","input":"2020-01-01Tab:00","ctx":{"error":"invalid character in hour"}}]
        day "2020-01-01T0a:00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in hour","input":"2020-01-01T0a:00","ctx":{"error":"invalid character in hour"}}]
        day "2020-01-01T00-00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid time separator, expected `:`","input":"2020-01-01T00-00","ctx":{"error":"invalid time separator, expected `:`"}}]
        day "2020-01-01T00:a0"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in minute","input":"2020-01-01T00:a0","ctx":{"error":"invalid character in minute"}}]
        day "2020-01-01T00:60"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, minute value is outside expected range of 0-59","input":"2020-01-01T00:60","ctx":{"error":"minute value is outside expected range of 0-59"}}]
        day "2020-01-01T00:00:"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in second","input":"2020-01-01T00:00:","ctx":{"error":"invalid character in second"}}]
        day "2020-01-01T00:00:0"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in second","input":"2020-01-01T00:00:0","ctx":{"error":"invalid character in second"}}]
        day "2020-01-01T00:00:60"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, second value is outside expected range of 0-59","input":"2020-01-01T00:00:60","ctx":{"error":"second value is outside expected range of 0-59"}}]
        day "2020-01-01T00:00:ab"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid character in second","input":"2020-01-01T00:00:ab","ctx":{"error":"invalid character in second"}}]
        day "2020-01-01T00:00:00."
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, second fraction digits missing after `.`","input":"2020-01-01T00:00:00.","ctx":{"error":"second fraction digits missing after `.`"}}]
        day "2020-01-01T00:00:00.0000000"
        = "2020-01-01"
        day "2020-01-01T00:00:00,0"
        = "2020-01-01"
        day "2020-01-01T00:00:00x"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone sign","input":"2020-01-01T00:00:00x","ctx":{"error":"invalid timezone sign"}}]
        day "2020-01-01T00:00:00+"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone hour","input":"2020-01-01T00:00:00+","ctx":{"error":"invalid timezone hour"}}]
        day "2020-01-01T00:00:00+1"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone hour","input":"2020-01-01T00:00:00+1","ctx":{"error":"invalid timezone hour"}}]
        day "2020-01-01T00:00:00+01"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone minute","input":"2020-01-01T00:00:00+01","ctx":{"error":"invalid timezone minute"}}]
        day "2020-01-01T00:00:00+01:"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone minute","input":"2020-01-01T00:00:00+01:","ctx":{"error":"invalid timezone minute"}}]
        day "2020-01-01T00:00:00+01:0"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone minute","input":"2020-01-01T00:00:00+01:0","ctx":{"error":"invalid timezone minute"}}]
        day "2020-01-01T00:00:00+01:60"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, timezone minute value is outside expected range of 0-59","input":"2020-01-01T00:00:00+01:60","ctx":{"error":"timezone minute value is outside expected range of 0-59"}}]
        day "2020-01-01T00:00:00+24:00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, timezone offset must be less than 24 hours","input":"2020-01-01T00:00:00+24:00","ctx":{"error":"timezone offset must be less than 24 hours"}}]
        day "2020-01-01T00:00:00+ab:00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone hour","input":"2020-01-01T00:00:00+ab:00","ctx":{"error":"invalid timezone hour"}}]
        day "2020-01-01T00:00:00+01:ab"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone minute","input":"2020-01-01T00:00:00+01:ab","ctx":{"error":"invalid timezone minute"}}]
        day "2020-01-01T00:00:00+0100"
        = "2020-01-01"
        day "2020-01-01T00:00:00+01:00x"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, unexpected extra characters at the end of the input","input":"2020-01-01T00:00:00+01:00x","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        day "2020-01-01T00:00:00−01:00"
        = "2020-01-01"
        day "2020-01-01T00:00Z"
        = "2020-01-01"
        day "2020-01-01T00:00:01Zx"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, unexpected extra characters at the end of the input","input":"2020-01-01T00:00:01Zx","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        day "2020-01-01T25:00:01"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, hour value is outside expected range of 0-23","input":"2020-01-01T25:00:01","ctx":{"error":"hour value is outside expected range of 0-23"}}]
        day "2020-01-01_00:00"
        = "2020-01-01"
        day "2020-01-01t00:00"
        = "2020-01-01"
        day "2020-01-01T00:00:00z"
        = "2020-01-01"
        day "2020-01-01T00:00:00+23:59"
        = "2020-01-01"
        day "2020-01-01T00:00:00+00:60"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, timezone minute value is outside expected range of 0-59","input":"2020-01-01T00:00:00+00:60","ctx":{"error":"timezone minute value is outside expected range of 0-59"}}]
        day "2020-01-01T00:00:00 "
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone sign","input":"2020-01-01T00:00:00 ","ctx":{"error":"invalid timezone sign"}}]
        day "0000-01-01T00:00:01"
        [{"type":"date_from_datetime_inexact","loc":["body"],"msg":"Datetimes provided to dates should have zero time - e.g. be exact dates","input":"0000-01-01T00:00:01"}]
        day "0000-01-01T25:00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, hour value is outside expected range of 0-23","input":"0000-01-01T25:00","ctx":{"error":"hour value is outside expected range of 0-23"}}]
        day "2020-01-01T00x00"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid time separator, expected `:`","input":"2020-01-01T00x00","ctx":{"error":"invalid time separator, expected `:`"}}]
        day "2020-01-01T00:00x"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone sign","input":"2020-01-01T00:00x","ctx":{"error":"invalid timezone sign"}}]
        day "2020-01-01T00:00.5"
        [{"type":"date_from_datetime_parsing","loc":["body"],"msg":"Input should be a valid date or datetime, invalid timezone sign","input":"2020-01-01T00:00.5","ctx":{"error":"invalid timezone sign"}}]
        day "2020-01-01T00:00+01:00"
        = "2020-01-01"
        day "0001-01-01T00:00:00+01:00"
        = "0001-01-01"
        day "9999-12-31T00:00:00-01:00"
        = "9999-12-31"
        """#
}
