Starter.main()
