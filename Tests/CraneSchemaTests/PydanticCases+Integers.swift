extension PydanticCases {
    static let integers = #"""
        int 1
        = 1
        int -1
        = -1
        int 0
        = 0
        int -0
        = 0
        int 1.0
        = 1
        int -3.0
        = -3
        int 1.5
        [{"type":"int_from_float","loc":["body"],"msg":"Input should be a valid integer, got a number with a fractional part","input":1.5}]
        int 2.5e0
        [{"type":"int_from_float","loc":["body"],"msg":"Input should be a valid integer, got a number with a fractional part","input":2.5}]
        int 1e2
        = 100
        int true
        = 1
        int false
        = 0
        int null
        [{"type":"int_type","loc":["body"],"msg":"Input should be a valid integer","input":null}]
        int []
        [{"type":"int_type","loc":["body"],"msg":"Input should be a valid integer","input":[]}]
        int {}
        [{"type":"int_type","loc":["body"],"msg":"Input should be a valid integer","input":{}}]
        int "1"
        = 1
        int "-1"
        = -1
        int " 12 "
        = 12
        int "\t7\n"
        = 7
        int "\u00a08"
        = 8
        int "+1"
        = 1
        int "001"
        = 1
        int "-01"
        = -1
        int "00"
        = 0
        int "1.0"
        = 1
        int "1.00"
        = 1
        int "-0.0"
        = 0
        int "1.5"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"1.5"}]
        int "1."
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"1."}]
        int ".0"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":".0"}]
        int "1_0"
        = 10
        int "1_000_000"
        = 1000000
        int "1__0"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"1__0"}]
        int "_1"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"_1"}]
        int "1_"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"1_"}]
        int "0_1"
        = 1
        int "00-9"
        = -9
        int ""
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":""}]
        int " "
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":" "}]
        int "-"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"-"}]
        int "+"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"+"}]
        int "--1"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"--1"}]
        int "+-1"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"+-1"}]
        int "- 1"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"- 1"}]
        int "1 2"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"1 2"}]
        int "1e3"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"1e3"}]
        int "0x10"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"0x10"}]
        int "１２"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"１２"}]
        int "abc"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"abc"}]
        int "inf"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"inf"}]
        int "true"
        [{"type":"int_parsing","loc":["body"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"true"}]
        int 1e300
        [{"type":"int_parsing_size","loc":["body"],"msg":"Unable to parse input string as an integer, exceeded maximum size","input":1e+300}]
        int "\u0031"
        = 1
        int 9223372036854775807
        = 9223372036854775807
        int -9223372036854775808
        = -9223372036854775808
        int "9223372036854775807"
        = 9223372036854775807
        intc 60
        [{"type":"less_than_equal","loc":["body"],"msg":"Input should be less than or equal to 50","input":60,"ctx":{"le":50}}]
        intc 45
        = 45
        intc 5
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 3","input":5,"ctx":{"multiple_of":3}}]
        intc 4
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 3","input":4,"ctx":{"multiple_of":3}}]
        intc 6
        = 6
        intc -3
        [{"type":"greater_than_equal","loc":["body"],"msg":"Input should be greater than or equal to 5","input":-3,"ctx":{"ge":5}}]
        intc 0
        [{"type":"greater_than_equal","loc":["body"],"msg":"Input should be greater than or equal to 5","input":0,"ctx":{"ge":5}}]
        intc 200
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 3","input":200,"ctx":{"multiple_of":3}}]
        intc 100
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 3","input":100,"ctx":{"multiple_of":3}}]
        intc "9"
        = 9
        intc "10"
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 3","input":"10","ctx":{"multiple_of":3}}]
        intc 9.0
        = 9
        intc 9.5
        [{"type":"int_from_float","loc":["body"],"msg":"Input should be a valid integer, got a number with a fractional part","input":9.5}]
        intc true
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 3","input":true,"ctx":{"multiple_of":3}}]
        intc null
        [{"type":"int_type","loc":["body"],"msg":"Input should be a valid integer","input":null}]
        intc 9223372036854775808
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 3","input":9223372036854775808,"ctx":{"multiple_of":3}}]
        intc 9223372036854775809
        [{"type":"less_than_equal","loc":["body"],"msg":"Input should be less than or equal to 50","input":9223372036854775809,"ctx":{"le":50}}]
        intc -9223372036854775810
        [{"type":"multiple_of","loc":["body"],"msg":"Input should be a multiple of 3","input":-9223372036854775810,"ctx":{"multiple_of":3}}]
        intc "99999999999999999999"
        [{"type":"less_than_equal","loc":["body"],"msg":"Input should be less than or equal to 50","input":"99999999999999999999","ctx":{"le":50}}]
        intd 0
        [{"type":"greater_than","loc":["body"],"msg":"Input should be greater than 0","input":0,"ctx":{"gt":0}}]
        intd 1
        = 1
        intd 99
        = 99
        intd 100
        [{"type":"less_than","loc":["body"],"msg":"Input should be less than 100","input":100,"ctx":{"lt":100}}]
        intd -5
        [{"type":"greater_than","loc":["body"],"msg":"Input should be greater than 0","input":-5,"ctx":{"gt":0}}]
        intd 36893488147419103232
        [{"type":"less_than","loc":["body"],"msg":"Input should be less than 100","input":36893488147419103232,"ctx":{"lt":100}}]
        intd -36893488147419103232
        [{"type":"greater_than","loc":["body"],"msg":"Input should be greater than 0","input":-36893488147419103232,"ctx":{"gt":0}}]
        """#
}
