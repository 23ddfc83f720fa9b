Bookmarks.main()
