#include "core/base/File.h"
#include "tests/support/TestSupport.h"

#include <QDir>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace limpid;
namespace fs = std::filesystem;

class FileTest : public QObject
{
    Q_OBJECT

private slots:
    void writesAndReads_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("one\r\ntwo\n");
        QTest::newRow("with NUL") << QByteArray("a\0b", 3);
        QTest::newRow("large") << QByteArray(3 << 20, 'x');
    }
    void writesAndReads()
    {
        QFETCH(QByteArray, bytes);
        QTemporaryDir dir;
        const fs::path path = dir.filePath("größe.bin").toStdString();
        writeFileAtomically(path, bytes.toStdString());
        QCOMPARE(QByteArray::fromStdString(readFile(path)), bytes);
    }

    void readsNoMoreThanAsked()
    {
        QTemporaryDir dir;
        const fs::path path = test::write(dir, "file", QByteArray(3 << 20, 'x') + "end");
        QCOMPARE(readFile(path, 0), std::string());
        QCOMPARE(readFile(path, 7), std::string(7, 'x'));
        QCOMPARE(readFile(path, (3 << 20) + 2), std::string(3 << 20, 'x') + "en");
        QCOMPARE(readFile(path, std::size_t{1} << 40), std::string(3 << 20, 'x') + "end");
        if (fs::exists("/dev/zero")) {
            QCOMPARE(readFile("/dev/zero", 5), std::string(5, '\0')); // it has no end
        }
    }

    void replacesAndLeavesNothingBeside()
    {
        QTemporaryDir dir;
        const fs::path path = dir.filePath("file").toStdString();
        writeFileAtomically(path, "old");
        writeFileAtomically(path, "new");
        QCOMPARE(readFile(path), std::string("new"));
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void hasTheUsualRights()
    {
        QTemporaryDir dir;
        const fs::path path = dir.filePath("file").toStdString();
        const mode_t mask = ::umask(022);
        writeFileAtomically(path, "x");
        ::umask(mask);
        struct stat facts {};
        QCOMPARE(::stat(path.c_str(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777, mode_t{0644});
    }

    void readErrors()
    {
        QTemporaryDir dir;
        QCOMPARE(test::errorNameOf([&] { readFile(dir.filePath("none").toStdString()); }), std::string("FileNotFound"));
        QCOMPARE(test::errorNameOf([&] { readFile(dir.path().toStdString()); }), std::string("FileIsFolder"));
        QCOMPARE(test::errorNameOf([&] { openToRead(dir.path().toStdString()); }), std::string("FileIsFolder"));
        const fs::path below = fs::path(test::write(dir, "file", "x")) / "below"; // of what is no folder
        QCOMPARE(test::errorNameOf([&] { readFile(below); }), std::string("FileNotFound"));
    }

    void unreadableFile()
    {
        if (::geteuid() == 0)
            QSKIP("root may read everything");
        QTemporaryDir dir;
        const fs::path path = test::write(dir, "secret", "x");
        fs::permissions(path, fs::perms::none);
        QCOMPARE(test::errorNameOf([&] { readFile(path); }), std::string("FileUnreadable"));
    }

    void writeIntoMissingFolder()
    {
        QTemporaryDir dir;
        const fs::path path = fs::path(dir.path().toStdString()) / "no" / "file";
        QCOMPARE(test::errorNameOf([&] { writeFileAtomically(path, "x"); }), std::string("FileUnwritable"));
    }

    void readOnlyFolderKeepsTheOldFile()
    {
        if (::geteuid() == 0)
            QSKIP("root may write everywhere");
        QTemporaryDir dir;
        const fs::path path = test::write(dir, "file", "old");
        fs::permissions(path.parent_path(), fs::perms::owner_read | fs::perms::owner_exec);
        const std::string name = test::errorNameOf([&] { writeFileAtomically(path, "new"); });
        fs::permissions(path.parent_path(), fs::perms::owner_all);
        QCOMPARE(name, std::string("FileUnwritable"));
        QCOMPARE(readFile(path), std::string("old"));
    }

    /// A file size limit stands in for a full disk: write() fails halfway, whoever runs the test.
    void failedWriteKeepsTheOldFile()
    {
        QTemporaryDir dir;
        const fs::path path = test::write(dir, "file", "old");
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        ::signal(SIGXFSZ, SIG_IGN);
        rlimit small = before;
        small.rlim_cur = 1 << 16;
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        const std::string name = test::errorNameOf([&] { writeFileAtomically(path, std::string(1 << 20, 'x')); });
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
        QCOMPARE(name, std::string("FileUnwritable"));
        QCOMPARE(readFile(path), std::string("old"));
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void fullDiskHasItsOwnCode()
    {
        QCOMPARE(test::errorNameOf([] { throwWriteError("x", ENOSPC); }), std::string("DiskFull"));
        QCOMPARE(test::errorNameOf([] { throwWriteError("x", EDQUOT); }), std::string("DiskFull"));
        QCOMPARE(test::errorNameOf([] { throwWriteError("x", EACCES); }), std::string("FileUnwritable"));
    }
};

QTEST_GUILESS_MAIN(FileTest)
#include "tst_file.moc"
