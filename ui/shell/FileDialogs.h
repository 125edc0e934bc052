#pragma once

#include <QString>

#include <functional>

class QWidget;

namespace limpid {

/// How the window asks for files: dialogs that don't block, or whatever a test puts in their place. An answer that is not
/// given (cancelled) is not called.
struct FileDialogs {
    using Answer = std::function<void(const QString& path)>;
    std::function<void(QWidget* parent, const QString& folder, Answer answer)> openFile;
    std::function<void(QWidget* parent, const QString& folder, Answer answer)> openFolder;

    static FileDialogs standard();
};

} // namespace limpid
