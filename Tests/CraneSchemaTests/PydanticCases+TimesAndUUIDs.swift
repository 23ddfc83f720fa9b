extension PydanticCases {
    static let timesAndUUIDs = #"""
        dt "2020-01-01"
        = "2020-01-01T00:00:00.000000Z"
        dt "2020-01-01T00:00:00Z"
        = "2020-01-01T00:00:00.000000Z"
        dt "2020-01-01 00:00"
        = "2020-01-01T00:00:00.000000Z"
        dt "2020-01-01t00:00:00z"
        = "2020-01-01T00:00:00.000000Z"
        dt "2020-01-01_00:00:00+01:00"
        = "2019-12-31T23:00:00.000000Z"
        dt "2020-01-01T00:00:00.5"
        = "2020-01-01T00:00:00.500000Z"
        dt "2020-01-01T00:00:00,123456"
        = "2020-01-01T00:00:00.123456Z"
        dt "2020-01-01T00:00:00.1234569Z"
        = "2020-01-01T00:00:00.123456Z"
        dt "2020-01-01T00:00:00."
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01T00:00:00.","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-01-01T24:00:00"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01T24:00:00","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-01-01T23:60:00"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01T23:60:00","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-01-01T23:59:60"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01T23:59:60","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-01-01T1:00"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01T1:00","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-01-01T00:00:00+0130"
        = "2019-12-31T22:30:00.000000Z"
        dt "2020-01-01T00:00:00+01"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01T00:00:00+01","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-01-01T00:00:00+24:00"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01T00:00:00+24:00","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-01-01T00:00:00-23:59"
        = "2020-01-01T23:59:00.000000Z"
        dt "2020-01-01T00:00:00−01:00"
        = "2020-01-01T01:00:00.000000Z"
        dt "2020-01-01T00:00:00Zx"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01T00:00:00Zx","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-13-01"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, month value is outside expected range of 1-12","input":"2020-13-01","ctx":{"error":"month value is outside expected range of 1-12"}}]
        dt "2020-02-30"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, day value is outside expected range","input":"2020-02-30","ctx":{"error":"day value is outside expected range"}}]
        dt "2020-00-01"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, month value is outside expected range of 1-12","input":"2020-00-01","ctx":{"error":"month value is outside expected range of 1-12"}}]
        dt "2020-01-00"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, day value is outside expected range","input":"2020-01-00","ctx":{"error":"day value is outside expected range"}}]
        dt "20200101"
        = "1970-08-22T19:08:21.000000Z"
        dt "2020-1-1"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, input is too short","input":"2020-1-1","ctx":{"error":"input is too short"}}]
        dt "abcd-01-01"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, invalid character in year","input":"abcd-01-01","ctx":{"error":"invalid character in year"}}]
        dt "2020-ab-01"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, invalid character in month","input":"2020-ab-01","ctx":{"error":"invalid character in month"}}]
        dt "2020-01-ab"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, invalid character in day","input":"2020-01-ab","ctx":{"error":"invalid character in day"}}]
        dt "2020/01/01"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, invalid date separator, expected `-`","input":"2020/01/01","ctx":{"error":"invalid date separator, expected `-`"}}]
        dt "2020-01-01X00:00"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01X00:00","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt "2020-01-01 "
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, unexpected extra characters at the end of the input","input":"2020-01-01 ","ctx":{"error":"unexpected extra characters at the end of the input"}}]
        dt ""
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, input is too short","input":"","ctx":{"error":"input is too short"}}]
        dt "0"
        = "1970-01-01T00:00:00.000000Z"
        dt "-1"
        = "1969-12-31T23:59:59.000000Z"
        dt "1.5"
        = "1970-01-01T00:00:01.500000Z"
        dt "1."
        = "1970-01-01T00:00:01.000000Z"
        dt "+1"
        = "1970-01-01T00:00:01.000000Z"
        dt ".5"
        = "1970-01-01T00:00:00.500000Z"
        dt "1e3"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, input is too short","input":"1e3","ctx":{"error":"input is too short"}}]
        dt "1.5e3"
        = "1970-01-01T00:25:00.000000Z"
        dt " 1"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, input is too short","input":" 1","ctx":{"error":"input is too short"}}]
        dt "20000000000"
        = "2603-10-11T11:33:20.000000Z"
        dt "20000000001"
        = "1970-08-20T11:33:20.001000Z"
        dt "253402300799999"
        = "9999-12-31T23:59:59.999000Z"
        dt "253402300800000"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, dates after 9999 are not supported as unix timestamps","input":"253402300800000","ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        dt "-62167219201000"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, dates before 0000 are not supported as unix timestamps","input":"-62167219201000","ctx":{"error":"dates before 0000 are not supported as unix timestamps"}}]
        dt "-62135596800001"
        [{"type":"datetime_parsing","loc":["body"],"msg":"Input should be a valid datetime, year 0 is out of range","input":"-62135596800001","ctx":{"error":"year 0 is out of range"}}]
        dt "0000-01-01"
        [{"type":"datetime_parsing","loc":["body"],"msg":"Input should be a valid datetime, year 0 is out of range","input":"0000-01-01","ctx":{"error":"year 0 is out of range"}}]
        dt "0001-01-01"
        = "0001-01-01T00:00:00.000000Z"
        dt "9999-12-31T23:59:59.999999Z"
        = "9999-12-31T23:59:59.999999Z"
        dt "1795343266.435673"
        = "2026-11-22T10:27:46.435673Z"
        dt "99999999999999999999999"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, invalid date separator, expected `-`","input":"99999999999999999999999","ctx":{"error":"invalid date separator, expected `-`"}}]
        dt "1900-02-29"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, day value is outside expected range","input":"1900-02-29","ctx":{"error":"day value is outside expected range"}}]
        dt "2024-02-29"
        = "2024-02-29T00:00:00.000000Z"
        dt "éé"
        [{"type":"datetime_from_date_parsing","loc":["body"],"msg":"Input should be a valid datetime or date, input is too short","input":"éé","ctx":{"error":"input is too short"}}]
        dt 0
        = "1970-01-01T00:00:00.000000Z"
        dt 1.5
        = "1970-01-01T00:00:01.500000Z"
        dt -1.25
        = "1969-12-31T23:59:58.750000Z"
        dt true
        [{"type":"datetime_type","loc":["body"],"msg":"Input should be a valid datetime","input":true}]
        dt null
        [{"type":"datetime_type","loc":["body"],"msg":"Input should be a valid datetime","input":null}]
        dt []
        [{"type":"datetime_type","loc":["body"],"msg":"Input should be a valid datetime","input":[]}]
        dt {}
        [{"type":"datetime_type","loc":["body"],"msg":"Input should be a valid datetime","input":{}}]
        dt 20000000001
        = "1970-08-20T11:33:20.001000Z"
        dt 253402300800000
        [{"type":"datetime_parsing","loc":["body"],"msg":"Input should be a valid datetime, dates after 9999 are not supported as unix timestamps","input":253402300800000,"ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        dt 9223372036854775808
        [{"type":"datetime_parsing","loc":["body"],"msg":"Input should be a valid datetime, dates after 9999 are not supported as unix timestamps","input":9223372036854775808,"ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        dt -62167219200001
        [{"type":"datetime_parsing","loc":["body"],"msg":"Input should be a valid datetime, dates before 0000 are not supported as unix timestamps","input":-62167219200001,"ctx":{"error":"dates before 0000 are not supported as unix timestamps"}}]
        dt -62135596800001
        [{"type":"datetime_parsing","loc":["body"],"msg":"Input should be a valid datetime, year 0 is out of range","input":-62135596800001,"ctx":{"error":"year 0 is out of range"}}]
        dt 1795343266.435673
        = "2026-11-22T10:27:46.435673Z"
        dt 1e20
        [{"type":"datetime_parsing","loc":["body"],"msg":"Input should be a valid datetime, dates after 9999 are not supported as unix timestamps","input":1e+20,"ctx":{"error":"dates after 9999 are not supported as unix timestamps"}}]
        uuid "12345678-1234-5678-1234-567812345678"
        = "12345678-1234-5678-1234-567812345678"
        uuid "ABCDEFAB-1234-5678-1234-567812345678"
        = "abcdefab-1234-5678-1234-567812345678"
        uuid "12345678123456781234567812345678"
        = "12345678-1234-5678-1234-567812345678"
        uuid "{12345678-1234-5678-1234-567812345678}"
        = "12345678-1234-5678-1234-567812345678"
        uuid "urn:uuid:12345678-1234-5678-1234-567812345678"
        = "12345678-1234-5678-1234-567812345678"
        uuid "x"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid character: found `x` at 0","input":"x","ctx":{"error":"invalid character: found `x` at 0"}}]
        uuid ""
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid length: found 0","input":"","ctx":{"error":"invalid length: found 0"}}]
        uuid "é"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid character: found `é` at 0","input":"é","ctx":{"error":"invalid character: found `é` at 0"}}]
        uuid "12345678-1234-5678-1234-56781234567"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid group length in group 4: expected 12, found 11","input":"12345678-1234-5678-1234-56781234567","ctx":{"error":"invalid group length in group 4: expected 12, found 11"}}]
        uuid "12345678-1234-5678-1234-56781234567g"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid character: found `g` at 35","input":"12345678-1234-5678-1234-56781234567g","ctx":{"error":"invalid character: found `g` at 35"}}]
        uuid "12345678-1234-5678-1234-5678123456789"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid group length in group 4: expected 12, found 13","input":"12345678-1234-5678-1234-5678123456789","ctx":{"error":"invalid group length in group 4: expected 12, found 13"}}]
        uuid "1234567812345678123456781234567"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid length: found 31","input":"1234567812345678123456781234567","ctx":{"error":"invalid length: found 31"}}]
        uuid "123456781234-5678-1234-567812345678"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid group count: expected 5, found 4","input":"123456781234-5678-1234-567812345678","ctx":{"error":"invalid group count: expected 5, found 4"}}]
        uuid "{12345678123456781234567812345678}"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid group count: expected 5, found 1","input":"{12345678123456781234567812345678}","ctx":{"error":"invalid group count: expected 5, found 1"}}]
        uuid "{12345678-1234-5678-1234-56781234567g}"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid character: found `g` at 35","input":"{12345678-1234-5678-1234-56781234567g}","ctx":{"error":"invalid character: found `g` at 35"}}]
        uuid "{1:345678-1234-5678-1234-567812345678}}"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid character: found `:` at 2","input":"{1:345678-1234-5678-1234-567812345678}}","ctx":{"error":"invalid character: found `:` at 2"}}]
        uuid "urn:uuid:1"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid group count: expected 5, found 1","input":"urn:uuid:1","ctx":{"error":"invalid group count: expected 5, found 1"}}]
        uuid "12345678-1234-5678-1234-567812345678 and much more text"
        [{"type":"uuid_parsing","loc":["body"],"msg":"Input should be a valid UUID, invalid length: found 55","input":"12345678-1234-5678-1234-567812345678 and much more text","ctx":{"error":"invalid length: found 55"}}]
        uuid 1
        [{"type":"uuid_type","loc":["body"],"msg":"UUID input should be a string, bytes or UUID object","input":1}]
        uuid null
        [{"type":"uuid_type","loc":["body"],"msg":"UUID input should be a string, bytes or UUID object","input":null}]
        uuid true
        [{"type":"uuid_type","loc":["body"],"msg":"UUID input should be a string, bytes or UUID object","input":true}]
        uuid []
        [{"type":"uuid_type","loc":["body"],"msg":"UUID input should be a string, bytes or UUID object","input":[]}]
        """#
}
